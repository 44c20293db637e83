import { normalQuantile } from './normal.js';
import { pairwiseDifference } from './pairwise-difference.js';
import { hasExactRankSum, rankSumCounts } from './rank-sum-distribution.js';

export interface Shift {
  /** Median of all differences after − before, in the unit of the values. */
  readonly shift: number;
  readonly low: number;
  readonly high: number;
}

/** Cost of the exact rank distribution, min(n, m) × n·m, up to which it is used. */
const MOST_EXACT_STEPS = 200_000;

/** Order (from 0) of the difference at the lower end: the largest c with P(U ≤ c) ≤ (1 − level)/2, or 0 when there is none. */
function lowerEndOrder(n: number, m: number, level: number): number {
  const tail = (1 - level) / 2;
  if (Math.min(n, m) * n * m > MOST_EXACT_STEPS || !hasExactRankSum(n, m)) {
    const spread = Math.sqrt((n * m * (n + m + 1)) / 12);
    return Math.max(0, Math.floor((n * m) / 2 + normalQuantile(tail) * spread - 0.5));
  }
  const counts = rankSumCounts(n, m);
  const limit = tail * counts.reduce((sum, count) => sum + count, 0);
  let cumulated = 0;
  const firstBeyond = counts.findIndex((count) => (cumulated += count) > limit);
  return Math.max(0, firstBeyond - 1);
}

/**
 * Hodges-Lehmann estimate of how far `after` has shifted from `before`, with Moses' distribution-free interval (Hodges &
 * Lehmann 1963; Lehmann 1975, section 2.4). Takes values as independent; autocorrelation makes the interval too narrow.
 * NaN is skipped. The order statistics of the |before|·|after| differences are found without forming them: cost
 * (n + m) × about 60 after sorting, 0.1 ms at 240/60 and 6 ms at 10,000/60, no subsampling at any size.
 *
 * @param level coverage of the interval in (0, 1), default 0.95; with very few values it is the range of all differences,
 * which covers less.
 * @returns low ≤ shift ≤ high in the unit of the values; all NaN when a sample is empty.
 * @throws RangeError when level is out of range.
 * @example hodgesLehmannShift([1, 2, 3], [2, 3, 4]).shift // 1
 */
export function hodgesLehmannShift(before: ArrayLike<number>, after: ArrayLike<number>, level = 0.95): Shift {
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`);
  const x = sortedFinite(before);
  const y = sortedFinite(after);
  const pairs = x.length * y.length;
  if (pairs === 0) return { shift: NaN, low: NaN, high: NaN };
  const middle = Math.floor((pairs - 1) / 2);
  const upperMiddle = Math.floor(pairs / 2);
  const shift = (pairwiseDifference(x, y, middle) + pairwiseDifference(x, y, upperMiddle)) / 2;
  const cut = Math.min(lowerEndOrder(x.length, y.length, level), middle);
  return {
    shift,
    low: pairwiseDifference(x, y, cut),
    high: pairwiseDifference(x, y, pairs - 1 - cut),
  };
}

function sortedFinite(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .sort();
}
