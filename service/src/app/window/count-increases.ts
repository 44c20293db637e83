import { counterIncreases, type IntervalGrid } from '@bellwether/models';
import type { Combine } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import { combineSeries } from './combine-series.js';
import { maxGapMs, samplePeriodMs } from './max-gap.js';

/** A sample is late, and no longer awaited, when this many sample periods have passed since the one before. */
const LATE_AFTER_PERIODS = 1.5;

/**
 * What several counters grew by in each interval of a grid. An interval at the end of the grid is left NaN while a series' next sample
 * may still come: the part that is known would look like a drop.
 *
 * @throws SourceError `too-many-series`
 */
export async function countIncreases(
  series: readonly SourceSeries[],
  how: Combine,
  grid: IntervalGrid,
): Promise<Float64Array> {
  const gapMs = maxGapMs(grid.intervalMs);
  const counts = await combineSeries(series, how, grid.count, (s) =>
    counterIncreases(grid, s.timesMs, s.values, gapMs),
  );
  const openFromMs = series.reduce((first, s) => Math.min(first, awaitedSinceMs(s, grid, gapMs)), Infinity);
  const open = Math.max(0, Math.floor((openFromMs - grid.startMs) / grid.intervalMs));
  return counts.fill(NaN, Math.min(grid.count, open));
}

/** Time of a series' last sample when the one after it may still come; Infinity when the grid is covered or the series has ended. */
function awaitedSinceMs(series: SourceSeries, grid: IntervalGrid, gapMs: number): number {
  const endMs = grid.startMs + grid.count * grid.intervalMs;
  const lastMs = series.timesMs.at(-1) ?? Infinity;
  const waitMs = Math.min(gapMs, LATE_AFTER_PERIODS * samplePeriodMs(series, gapMs));
  return lastMs < endMs && lastMs + waitMs > endMs ? lastMs : Infinity;
}
