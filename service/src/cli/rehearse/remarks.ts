import type { Remark } from '../../app/rehearse/decode-series.js';

/** Different remarks that are told; a file with more kinds of oddities than this is told so. */
const MOST_REMARKS = 20;

/** Passes each remark on once, whatever line it is about; the line of the first one is kept. */
export function createRemarks(tell: (text: string) => void): Remark {
  const told = new Set<string>();
  return (text) => {
    const kind = text.replace(/^line \d+: /, '');
    if (told.has(kind) || told.size > MOST_REMARKS) return;
    told.add(kind);
    tell(told.size > MOST_REMARKS ? 'further oddities are not told' : `${text} (told once)`);
  };
}
