import type { WireProgress } from '../../api/progress.js';

const HEIGHTS = '▁▂▃▄▅▆▇█';

/** One column of the bar. */
export interface BarCell {
  readonly glyph: string;
  /** The highest harm probability of the looks in it; absent for looks to come. */
  readonly harmProbability?: number;
}

/**
 * All looks of a watch in so many columns: height is the harm probability, `·` is a look that went unseen, blank ones are to come.
 * @param columns ≥ 1; where there are fewer looks than columns, each takes the same number of them
 */
export function lookBar(
  looks: WireProgress['looks'],
  watch: { readonly plannedLooks: number; readonly lastLook: number },
  columns: number,
): readonly BarCell[] {
  const planned = Math.max(1, watch.plannedLooks);
  const wide = planned >= columns ? columns : planned * Math.floor(columns / planned);
  const harmAt = new Map(looks.map((one) => [one.look, one.harmProbability]));
  return Array.from({ length: wide }, (_, column) => {
    const first = Math.floor((column * planned) / wide) + 1;
    const last = Math.max(first, Math.floor(((column + 1) * planned) / wide));
    if (first > watch.lastLook) return { glyph: '░' };
    const seen = looksBetween(first, Math.min(last, watch.lastLook)).flatMap(
      (look) => harmAt.get(look) ?? [],
    );
    if (seen.length === 0) return { glyph: '·' };
    const harmProbability = Math.max(...seen);
    const height = Math.min(HEIGHTS.length - 1, Math.floor(harmProbability * HEIGHTS.length));
    return { glyph: HEIGHTS[height] ?? '█', harmProbability };
  });
}

function looksBetween(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/**
 * Where p stands on a logarithmic line from 1 down to a tenth of α, with α marked: at the mark or right of it the evidence is enough.
 * @example pGauge(0.4, 0.05, 20)
 */
export function pGauge(p: number, alpha: number, columns: number): string {
  const least = alpha / 10;
  const place = (value: number): number => {
    const share = Math.log(Math.min(1, Math.max(least, value))) / Math.log(least);
    return Math.round(share * (columns - 1));
  };
  const [pAt, alphaAt] = [place(p), place(alpha)];
  return Array.from({ length: columns }, (_, column) =>
    column === pAt ? '●' : column === alphaAt ? '┃' : '─',
  ).join('');
}
