import { normalSurvival } from './normal.js';
import { hasExactRankSum, rankSumCounts } from './rank-sum-distribution.js';

export interface RankSumTest {
  /** Pairs in which the value of `a` is the larger, ties counted half; 0 … |a|·|b|. */
  readonly u: number;
  /** Two-sided, in [0, 1]. */
  readonly p: number;
  /** Standardised u without continuity correction, tie-corrected; positive when `a` tends to be the larger. */
  readonly z: number;
}

interface Ranking {
  readonly u: number;
  /** Σ (t³ − t) over groups of t tied values. */
  readonly ties: number;
}

function sortedWithoutGaps(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values)
    .filter((value) => value === value)
    .sort();
}

/** Walks both sorted samples once, one group of equal values at a time. */
function rank(a: Float64Array, b: Float64Array): Ranking {
  let u = 0;
  let ties = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    const firstA = i;
    const firstB = j;
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    const tied = i - firstA + j - firstB;
    u += (i - firstA) * (firstB + (j - firstB) / 2);
    ties += tied * (tied * tied - 1);
  }
  return { u, ties };
}

function exactP(u: number, n: number, m: number): number {
  const counts = rankSumCounts(n, m);
  const nearer = Math.min(u, n * m - u);
  let tail = 0;
  let all = 0;
  counts.forEach((count, value) => {
    all += count;
    if (value <= nearer) tail += count;
  });
  return Math.min(1, (2 * tail) / all);
}

/**
 * Mann-Whitney U test, two-sided (Mann & Whitney 1947): do the values of one sample tend to exceed the other's? Exact while
 * there are no ties and the arrangements can be counted (C(n+m, n) < 2^53, such as 5/200 or 10/100); else normal with tie and
 * continuity correction (Lehmann 1975, section 1.2), as in scipy's `mannwhitneyu`. Takes values as independent:
 * autocorrelated series reject far too often. NaN is skipped.
 *
 * @returns u, p and z; p = 1 and z = 0 when a sample is empty or all values are equal, since no order was seen.
 * @example mannWhitney([1, 2, 3], [4, 5, 6]) // { u: 0, p: 0.1, z: -1.96 }
 */
export function mannWhitney(a: ArrayLike<number>, b: ArrayLike<number>): RankSumTest {
  const x = sortedWithoutGaps(a);
  const y = sortedWithoutGaps(b);
  const pairs = x.length * y.length;
  const size = x.length + y.length;
  const { u, ties } = rank(x, y);
  const variance = (pairs / 12) * (size + 1 - ties / (size * (size - 1)));
  if (!(variance > 0)) return { u, p: 1, z: 0 };
  const distance = u - pairs / 2;
  const z = distance / Math.sqrt(variance);
  if (ties === 0 && hasExactRankSum(x.length, y.length)) return { u, p: exactP(u, x.length, y.length), z };
  const p = 2 * normalSurvival((Math.abs(distance) - 0.5) / Math.sqrt(variance));
  return { u, p: Math.min(1, p), z };
}
