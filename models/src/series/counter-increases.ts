import { intervalOf, type IntervalGrid } from './interval-grid.js';

/**
 * Increase of a cumulative counter in each interval of a grid.
 *
 * The counter is taken to grow evenly between two samples, so an increase that straddles a boundary is shared out by time. A value
 * below its predecessor is a reset: the counter restarted at zero and the whole new value counts (as in Prometheus, "rate then sum").
 * The first sample of a series has no predecessor and counts nothing.
 *
 * @param timesMs strictly ascending event times, same length as `values`
 * @param maxGapMs two samples further apart than this say nothing about the time between them
 * @returns array of length `grid.count`; NaN where less than half of an interval lies between samples
 * @example counterIncreases({startMs: 0, intervalMs: 10, count: 2}, [0, 10, 20], [5, 8, 2], 60) // [3, 2]
 */
export function counterIncreases(
  grid: IntervalGrid,
  timesMs: ArrayLike<number>,
  values: ArrayLike<number>,
  maxGapMs: number,
): Float64Array {
  const increases = new Float64Array(grid.count);
  const coveredMs = new Float64Array(grid.count);
  for (let i = 1; i < timesMs.length; i++) {
    const from = timesMs[i - 1] ?? NaN;
    const to = timesMs[i] ?? NaN;
    if (!(to > from) || to - from > maxGapMs) continue;
    const previous = values[i - 1] ?? NaN;
    const value = values[i] ?? NaN;
    share(grid, from, to, value < previous ? value : value - previous, increases, coveredMs);
  }
  for (let k = 0; k < grid.count; k++) if ((coveredMs[k] ?? 0) < grid.intervalMs / 2) increases[k] = NaN;
  return increases;
}

function share(
  grid: IntervalGrid,
  fromMs: number,
  toMs: number,
  increase: number,
  increases: Float64Array,
  coveredMs: Float64Array,
): void {
  const first = Math.max(0, intervalOf(grid, fromMs));
  const last = Math.min(grid.count - 1, intervalOf(grid, toMs));
  for (let k = first; k <= last; k++) {
    const start = grid.startMs + k * grid.intervalMs;
    const overlap = Math.min(toMs, start + grid.intervalMs) - Math.max(fromMs, start);
    if (overlap <= 0) continue;
    increases[k] = (increases[k] ?? 0) + (increase * overlap) / (toMs - fromMs);
    coveredMs[k] = (coveredMs[k] ?? 0) + overlap;
  }
}
