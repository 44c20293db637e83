import { setImmediate } from 'node:timers/promises';
import type { Combine } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import { SourceError } from '../../sources/port.js';

/**
 * Several series as one array: in each interval those that have a value are added, averaged, or the highest taken. Others get their
 * turn on the event loop after every series, which takes milliseconds where there are 100,000 intervals.
 *
 * @param intervalsOf the values of one series, of length `count`, NaN where there is none
 * @returns array of length `count`; NaN where no series has a value
 * @throws SourceError `too-many-series` when the policy says `only` and several answer
 */
export async function combineSeries(
  series: readonly SourceSeries[],
  how: Combine,
  count: number,
  intervalsOf: (series: SourceSeries) => Float64Array,
): Promise<Float64Array> {
  if (how === 'only' && series.length > 1) throw severalSeries(series);
  const combined = new Float64Array(count).fill(NaN);
  const present = new Uint32Array(count);
  for (const each of series) {
    join(combined, present, intervalsOf(each), how);
    await setImmediate();
  }
  if (how === 'mean') for (let k = 0; k < count; k++) combined[k] = (combined[k] ?? NaN) / (present[k] ?? 0);
  return combined;
}

function join(combined: Float64Array, present: Uint32Array, values: Float64Array, how: Combine): void {
  for (let k = 0; k < combined.length; k++) {
    const value = values[k] ?? NaN;
    if (Number.isNaN(value)) continue;
    const before = combined[k] ?? NaN;
    const seen = present[k] ?? 0;
    combined[k] = seen === 0 ? value : how === 'max' ? Math.max(before, value) : before + value;
    present[k] = seen + 1;
  }
}

function severalSeries(series: readonly SourceSeries[]): SourceError {
  const shown = series.slice(0, 5).map((s) => JSON.stringify(s.labels));
  const more = series.length > shown.length ? ` and ${series.length - shown.length} more` : '';
  return new SourceError(
    'too-many-series',
    `one series was asked for (combine: "only") and ${series.length} match: ${shown.join(', ')}${more}. Narrow it (labels in the selector, or an aggregation such as sum in the query), or combine with sum, mean or max.`,
    false,
  );
}
