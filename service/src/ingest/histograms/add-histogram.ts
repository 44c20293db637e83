import type { ReceivedSeries } from '../received-series.js';
import type { SampleSink } from '../sample-sink.js';
import type { BookedSeries } from '../booked-series.js';
import { countUpTo, type HistogramPoint } from './histogram-point.js';
import { afterPoint, type HistogramState } from './histogram-state.js';

/**
 * Takes in a histogram as the classic counters that say the same: `name_bucket` with the label `le`, `name_count` and `name_sum`. Where
 * empty buckets are left out, a bound that comes up later is also given at the instant before, and one that was there before is given
 * again, so that every bucket is a counter without holes.
 *
 * @param key what tells the histogram apart in its dialect
 * @param decode its name and labels
 */
export function addHistogram(
  sink: SampleSink,
  key: string,
  decode: () => ReceivedSeries,
  point: HistogramPoint,
): void {
  const leaf = (ending: string, le?: string): BookedSeries =>
    sink.series(`${key}\u0000${ending}${le ?? ''}`, () => leafOf(decode(), ending, le));
  const bucket = (bound: number): BookedSeries => leaf('_bucket', String(bound));
  const { timeMs, count, sum } = point;
  const total = leaf('_count');
  sink.add(total, timeMs, count);
  sink.add(leaf('_bucket', '+Inf'), timeMs, count);
  if (sum !== undefined) sink.add(leaf('_sum'), timeMs, sum);
  for (const each of point.upTo) sink.add(bucket(each.bound), timeMs, each.count);
  if (!point.leavesOutEmpty) return;
  const before = sink.histograms.get(total);
  if (before !== undefined) fillHoles(sink, bucket, before, point);
  sink.histograms.set(total, afterPoint(before, point));
}

/** Bounds that were there before and are not now, and bounds of now at the instant before. */
function fillHoles(
  sink: SampleSink,
  bucket: (bound: number) => BookedSeries,
  before: HistogramState,
  point: HistogramPoint,
): void {
  const add = (bound: number, at: HistogramPoint): void => {
    const value = countUpTo(at, bound);
    if (value !== undefined) sink.add(bucket(bound), at.timeMs, value);
  };
  const given = new Set(point.upTo.map(({ bound }) => bound));
  for (const bound of before.bounds) if (!given.has(bound)) add(bound, point);
  if (before.point.timeMs >= point.timeMs) return;
  for (const bound of given) if (!before.bounds.has(bound)) add(bound, before.point);
}

function leafOf(series: ReceivedSeries, ending: string, le: string | undefined): ReceivedSeries {
  return {
    ...series,
    metric: `${series.metric}${ending}`,
    type: 'counter',
    labels: le === undefined ? series.labels : { ...series.labels, le },
  };
}
