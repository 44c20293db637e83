/** Beyond this many arrangements a double no longer counts exactly. */
const MOST_ARRANGEMENTS = Number.MAX_SAFE_INTEGER;

function arrangements(n: number, m: number): number {
  let count = 1;
  for (let i = 1; i <= Math.min(n, m); i += 1) count = (count * (Math.max(n, m) + i)) / i;
  return count;
}

/** Whether `rankSumCounts(n, m)` can be computed without rounding: C(n + m, n) below 2^53. */
export function hasExactRankSum(n: number, m: number): boolean {
  return n > 0 && m > 0 && arrangements(n, m) <= MOST_ARRANGEMENTS;
}

/**
 * In how many of the C(n+m, n) equally likely orders the Mann-Whitney U equals u, without ties: the coefficients of the
 * Gaussian binomial ∏ (1 − q^(max+i)) / (1 − q^i), i = 1…min (Mann & Whitney 1947).
 *
 * @param n size of one sample, ≥ 1, with `hasExactRankSum(n, m)`.
 * @param m size of the other.
 * @returns counts at u = 0 … n·m, symmetric; cost min(n, m) × n·m.
 * @example rankSumCounts(2, 2) // [1, 1, 2, 1, 1]
 */
export function rankSumCounts(n: number, m: number): Float64Array {
  const small = Math.min(n, m);
  const large = Math.max(n, m);
  const counts = new Float64Array(n * m + 1);
  counts[0] = 1;
  for (let i = 1; i <= small; i += 1) {
    for (let u = counts.length - 1; u >= large + i; u -= 1)
      counts[u] = at(counts, u) - at(counts, u - large - i);
    for (let u = i; u < counts.length; u += 1) counts[u] = at(counts, u) + at(counts, u - i);
  }
  return counts;
}

function at(counts: Float64Array, index: number): number {
  return counts[index] ?? 0;
}
