/**
 * Probability that a bad case scores higher than a good one, ties counted half: the area under the receiver operating curve.
 *
 * @returns in [0, 1]; NaN without a case of each kind
 * @example areaUnderCurve([2, 3], [1, 2]) // 0.875
 */
export function areaUnderCurve(bad: readonly number[], good: readonly number[]): number {
  const ascending = good.toSorted((a, b) => a - b);
  const below = (score: number, orEqual: boolean): number => {
    let [from, to] = [0, ascending.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const value = ascending[middle] ?? Infinity;
      if (value < score || (orEqual && value === score)) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  const wins = bad.reduce((sum, score) => sum + (below(score, false) + below(score, true)) / 2, 0);
  return wins / (bad.length * good.length);
}
