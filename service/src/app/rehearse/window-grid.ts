import type { Arm } from '@bellwether/models';
import type { RecordedSeries } from './recorded-window.js';

/** Grid of one window: intervals of the past, then those since the change. */
export interface WindowGrid {
  readonly changeAtSeconds: number;
  readonly stepSeconds: number;
  /** Intervals of the past. */
  readonly before: number;
  /** Intervals since the change. */
  readonly after: number;
}

/** Times are written as decimals: one that lies this share of an interval before its edge belongs behind it. */
const EDGE_SLACK = 1e-9;

/**
 * The recording on its grid: several samples in an interval are averaged, those of a ratio are added. Order does not matter; of
 * several samples at the same time the last one with a value counts.
 * @returns arrays of length `before + after`; NaN where nothing was recorded
 */
export function placeSeries(series: RecordedSeries, grid: WindowGrid): Arm {
  const { values, totals } = newestOfEachTime(series);
  if (totals === undefined) return { shape: 'gauge', values: place(values, grid, true) };
  return { shape: 'ratio', events: place(values, grid, false), totals: place(totals, grid, false) };
}

type Samples = ReadonlyMap<number, number>;

function newestOfEachTime({ timesSeconds, values, totals }: RecordedSeries): {
  readonly values: Samples;
  readonly totals?: Samples;
} {
  const byTime = new Map<number, number>();
  const totalByTime = new Map<number, number>();
  for (const [index, time] of timesSeconds.entries()) {
    const value = values[index] ?? NaN;
    const total = totals?.[index] ?? NaN;
    // Half a ratio is no ratio.
    if (!Number.isFinite(value) || (totals && !Number.isFinite(total))) continue;
    byTime.set(time, value);
    totalByTime.set(time, total);
  }
  return { values: byTime, ...(totals ? { totals: totalByTime } : {}) };
}

function place(samples: Samples, grid: WindowGrid, isMean: boolean): Float64Array {
  const length = grid.before + grid.after;
  const sums = new Float64Array(length);
  const counts = new Uint32Array(length);
  for (const [time, value] of samples) {
    const at = Math.floor((time - grid.changeAtSeconds) / grid.stepSeconds + EDGE_SLACK) + grid.before;
    if (!(at >= 0 && at < length)) continue;
    sums[at] = (sums[at] ?? 0) + value;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return sums.map((sum, at) => {
    const count = counts[at] ?? 0;
    if (count === 0) return NaN;
    return isMean ? sum / count : sum;
  });
}
