import { Document, isMap, isScalar, isSeq } from 'yaml';
import type { WireDiscovery } from '../../api/discovery.js';

const COMMENT_WIDTH = 96;

/** A proposed policy as a file for people: why each metric was chosen stands above it. */
export function policyYaml(
  { source, series, notes }: Pick<WireDiscovery, 'source' | 'series' | 'notes'>,
  policy: object,
  service: string,
): string {
  const document = new Document(policy);
  document.commentBefore = comment(
    `Proposed by "bellwether discover" from ${series} series of ${service} in the source "${source}". Names were all that was judged: check each metric, then say with "bellwether policy explain" what it comes to.`,
  );
  const metrics = document.get('metrics');
  for (const item of isSeq(metrics) ? metrics.items : []) {
    if (!isMap(item)) continue;
    const name: unknown = item.get('name');
    const note = typeof name === 'string' && Object.hasOwn(notes, name) ? notes[name] : undefined;
    if (note !== undefined) item.commentBefore = comment(note);
  }
  const discover = document.get('discover', true);
  if (isMap(discover) || isScalar(discover))
    discover.commentBefore = comment(
      'All other metrics with these labels are shown in each verdict and never decide.',
    );
  return document.toString({ lineWidth: 0 });
}

/** Lines of a comment; the library puts the # before each. */
function comment(text: string): string {
  const lines: string[] = [];
  for (const word of text.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < COMMENT_WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(` ${word}`);
  }
  return lines.join('\n');
}
