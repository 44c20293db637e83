import { intervalOf, type IntervalGrid } from './interval-grid.js';

/**
 * Mean of a gauge in each interval of a grid.
 *
 * @param timesMs event times, any order, same length as `values`
 * @returns array of length `grid.count`; NaN where an interval has no sample
 * @example intervalMeans({startMs: 0, intervalMs: 10, count: 2}, [1, 2], [4, 6]) // [5, NaN]
 */
export function intervalMeans(
  grid: IntervalGrid,
  timesMs: ArrayLike<number>,
  values: ArrayLike<number>,
): Float64Array {
  const sums = new Float64Array(grid.count);
  const counts = new Uint32Array(grid.count);
  for (let i = 0; i < timesMs.length; i++) {
    const k = intervalOf(grid, timesMs[i] ?? NaN);
    const value = values[i] ?? NaN;
    if (!(k >= 0 && k < grid.count) || !Number.isFinite(value)) continue;
    sums[k] = (sums[k] ?? 0) + value;
    counts[k] = (counts[k] ?? 0) + 1;
  }
  for (let k = 0; k < grid.count; k++) sums[k] = (sums[k] ?? NaN) / (counts[k] ?? 0);
  return sums;
}
