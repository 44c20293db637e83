import { setImmediate } from 'node:timers/promises';
import { distanceFromPeers } from '@bellwether/models';
import type { Combine } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import { SourceError } from '../../sources/port.js';

/** Peers stand beside each other in memory, 8 bytes a value: 40 MB at most. */
const MOST_PEER_VALUES = 5_000_000;
/** Compared in one turn of the event loop: a few milliseconds. */
const PEER_VALUES_A_TURN = 50_000;

/**
 * Several series as one array: in each interval those that have a value are added, averaged, the highest taken, or how far the furthest
 * stands from the others. Others get their turn on the event loop after every series, which takes milliseconds where there are 100,000
 * intervals.
 *
 * @param intervalsOf the values of one series, of length `count`, NaN where there is none
 * @returns array of length `count`; NaN where no series has a value
 * @throws SourceError `too-many-series` when the policy says `only` and several answer, or `outlier` and more than fit into memory
 */
export async function combineSeries(
  series: readonly SourceSeries[],
  how: Combine,
  count: number,
  intervalsOf: (series: SourceSeries) => Float64Array,
): Promise<Float64Array> {
  if (how === 'only' && series.length > 1) throw severalSeries(series);
  if (how === 'outlier') return peerDistances(series, count, intervalsOf);
  const combined = new Float64Array(count).fill(NaN);
  const present = new Uint32Array(count);
  for (const each of series) {
    join(combined, present, intervalsOf(each), how);
    await setImmediate();
  }
  if (how === 'mean') for (let k = 0; k < count; k++) combined[k] = (combined[k] ?? NaN) / (present[k] ?? 0);
  return combined;
}

async function peerDistances(
  series: readonly SourceSeries[],
  count: number,
  intervalsOf: (series: SourceSeries) => Float64Array,
): Promise<Float64Array> {
  if (series.length * count > MOST_PEER_VALUES) throw tooManyPeers(series.length, count);
  const peers: Float64Array[] = [];
  for (const each of series) {
    peers.push(intervalsOf(each));
    await setImmediate();
  }
  const distances = new Float64Array(count);
  const step = Math.ceil(PEER_VALUES_A_TURN / Math.max(1, peers.length));
  for (let from = 0; from < count; from += step) {
    const to = Math.min(count, from + step);
    const part = peers.map((values) => values.subarray(from, to));
    distances.set(distanceFromPeers(part, to - from), from);
    await setImmediate();
  }
  return distances;
}

function tooManyPeers(series: number, count: number): SourceError {
  return new SourceError(
    'too-many-series',
    `${series} series over ${count} intervals were to be compared with each other (combine: "outlier"), and at most ${MOST_PEER_VALUES} values can be. Narrow the selector, shorten the history, or widen the interval.`,
    false,
  );
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
    `one series was asked for (combine: "only") and ${series.length} match: ${shown.join(', ')}${more}. Narrow it (labels in the selector, or an aggregation such as sum in the query), or combine with sum, mean, max or outlier.`,
    false,
  );
}
