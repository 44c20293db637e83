import type { SourceSeries } from '../../domain/sample.js';
import type { BucketGroup } from './bucket-series.js';

/**
 * The buckets of one histogram as counters that never fall. They are reset together, and only the last one, which counts everything,
 * always shows it: a bucket may hold as much again by the next sample.
 *
 * @returns series of the same times, in the order of the buckets
 */
export function restartTogether({ buckets }: BucketGroup): readonly SourceSeries[] {
  const total = buckets.at(-1)?.series;
  const restarts = total === undefined ? [] : restartsOf(total);
  return buckets.map(({ series }) => healed(series, restarts));
}

/** Times of the samples before and after each reset. */
function restartsOf({
  timesMs,
  values,
}: SourceSeries): readonly (readonly [beforeMs: number, afterMs: number])[] {
  const restarts: (readonly [number, number])[] = [];
  for (let i = 1; i < values.length; i++)
    if ((values[i] ?? 0) < (values[i - 1] ?? 0)) restarts.push([timesMs[i - 1] ?? NaN, timesMs[i] ?? NaN]);
  return restarts;
}

function healed(series: SourceSeries, restarts: readonly (readonly [number, number])[]): SourceSeries {
  const { timesMs, values } = series;
  const grown = new Float64Array(values.length);
  let next = 0;
  for (let i = 0; i < values.length; i++) {
    const time = timesMs[i] ?? NaN;
    const [value, previous] = [values[i] ?? NaN, values[i - 1] ?? 0];
    let isRestarted = i === 0 || value < previous;
    // A reset that the total shows at this sample, or showed since this bucket's sample before.
    while ((restarts[next]?.[1] ?? Infinity) <= time) {
      if (i > 0 && (restarts[next]?.[1] ?? NaN) > (timesMs[i - 1] ?? NaN)) isRestarted = true;
      next++;
    }
    grown[i] = (grown[i - 1] ?? 0) + (isRestarted ? value : value - previous);
  }
  return { ...series, values: grown };
}
