import type { IntervalGrid } from '@bellwether/models';
import type { SourceSeries } from '../../domain/sample.js';
import { maxGapMs, samplePeriodMs } from './max-gap.js';

/**
 * Events of a ratio in each interval. A counter of failures is often not exported before the first failure, so where requests were
 * counted and no event series exists, there were none. A series exists from its first sample on, until it ends together with a series
 * of the total, as when an instance stops; a gap in a series that exists is missing data, not zero.
 *
 * @param counts what the events grew by, NaN where they are missing; filled in where there were none
 * @param totalCounts what the total grew by, on the same grid
 * @returns array of length `grid.count`; NaN where the total is NaN or the events are missing
 */
export function countEvents(
  counts: Float64Array,
  events: readonly SourceSeries[],
  totals: readonly SourceSeries[],
  totalCounts: Float64Array,
  grid: IntervalGrid,
): Float64Array {
  const exists = new Uint8Array(grid.count);
  for (const series of events) markExistence(exists, series, totals, grid);
  for (let k = 0; k < grid.count; k++) {
    if (Number.isNaN(totalCounts[k])) counts[k] = NaN;
    else if (Number.isNaN(counts[k]) && exists[k] === 0) counts[k] = 0;
  }
  return counts;
}

function markExistence(
  exists: Uint8Array,
  series: SourceSeries,
  totals: readonly SourceSeries[],
  grid: IntervalGrid,
): void {
  const indexOf = (ms: number): number =>
    Math.min(grid.count, Math.max(0, (ms - grid.startMs) / grid.intervalMs));
  const firstMs = series.timesMs[0] ?? Infinity;
  const lastMs = series.timesMs.at(-1) ?? Infinity;
  // The two are scraped together: half a period apart is jitter, a whole one means that the total went on alone.
  const togetherMs = samplePeriodMs(series, maxGapMs(grid.intervalMs)) / 2;
  const endsWithTotal = totals.some((t) => Math.abs((t.timesMs.at(-1) ?? Infinity) - lastMs) <= togetherMs);
  exists.fill(1, Math.floor(indexOf(firstMs)), endsWithTotal ? Math.ceil(indexOf(lastMs)) : grid.count);
}
