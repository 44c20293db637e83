import type { SeriesType } from '../../domain/sample.js';
import { classicBuckets, type NativePoint } from './native-histogram.js';

/** One series of an answer: finite values only, times in milliseconds, ascending as the server sends them. */
export interface DecodedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** An answer that is not what the API promises, or that holds what no metric can be made of. */
export class UndecodableAnswer extends Error {}

/**
 * The series of a range query, or of an instant query with a range selector. Values that are no numbers (NaN, which also marks a series
 * as stale, and ±Inf) are left out: there was nothing to measure.
 *
 * @param takesHistograms whether native histograms are given as series by `le`; else they are refused, for they are no numbers
 * @throws UndecodableAnswer
 */
export function decodeMatrix(data: unknown, takesHistograms = false): readonly DecodedSeries[] {
  const { resultType, result } = object(data);
  if (!Array.isArray(result)) throw new UndecodableAnswer('the answer has no "result"');
  if (resultType !== 'matrix')
    throw new UndecodableAnswer(`the answer is a ${String(resultType)}, not series over time`);
  return result.flatMap((entry) => {
    const { metric, values, histograms } = object(entry);
    const native = takesHistograms && Array.isArray(histograms) ? decodeHistograms(metric, histograms) : [];
    if (values !== undefined) return [decodeSeries(metric, values), ...native];
    if (takesHistograms || histograms === undefined)
      return native.length > 0 ? native : [decodeSeries(metric, values)];
    throw new UndecodableAnswer(
      'the answer holds native histograms; take a number out of them, such as histogram_quantile(0.95, …), or give the metric a signal of type "histogram"',
    );
  });
}

function decodeHistograms(metric: unknown, points: readonly unknown[]): readonly DecodedSeries[] {
  const decoded = points.map((point): NativePoint => {
    if (!Array.isArray(point) || typeof point[0] !== 'number')
      throw new UndecodableAnswer('a point of the answer is not [time, histogram]');
    const { count, buckets = [] } = object(point[1]);
    if (!Array.isArray(buckets)) throw new UndecodableAnswer('a histogram of the answer has no "buckets"');
    return {
      timeMs: Math.round(point[0] * 1000),
      count: Number(count),
      buckets: buckets.map(decodeBucket),
    };
  });
  return classicBuckets(decodeLabels(metric), decoded);
}

/** `[which ends belong to it, low, high, count]`, numbers as text. */
function decodeBucket(bucket: unknown): NativePoint['buckets'][number] {
  const [, low, high, count] = (Array.isArray(bucket) ? bucket : []).map(Number);
  if (low === undefined || high === undefined || count === undefined || Number.isNaN(low + high + count))
    throw new UndecodableAnswer('a bucket of the answer is not [boundaries, "low", "high", "count"]');
  return { low, high, count };
}

function decodeSeries(metric: unknown, values: unknown): DecodedSeries {
  if (!Array.isArray(values)) throw new UndecodableAnswer('a series of the answer has no "values"');
  const timesMs = new Float64Array(values.length);
  const numbers = new Float64Array(values.length);
  let count = 0;
  for (const point of values as readonly unknown[]) {
    if (!Array.isArray(point) || typeof point[0] !== 'number' || typeof point[1] !== 'string')
      throw new UndecodableAnswer('a point of the answer is not [time, "value"]');
    const value = Number(point[1]);
    if (!Number.isFinite(value)) continue;
    timesMs[count] = Math.round(point[0] * 1000);
    numbers[count] = value;
    count += 1;
  }
  return {
    labels: decodeLabels(metric),
    timesMs: timesMs.subarray(0, count),
    values: numbers.subarray(0, count),
  };
}

/** @throws UndecodableAnswer */
export function decodeLabels(metric: unknown): Readonly<Record<string, string>> {
  const labels = object(metric);
  for (const value of Object.values(labels))
    if (typeof value !== 'string') throw new UndecodableAnswer('a label of the answer is not a text');
  return labels as Readonly<Record<string, string>>;
}

/** @throws UndecodableAnswer */
export function object(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UndecodableAnswer('the answer is not shaped as the API promises');
  return value as Readonly<Record<string, unknown>>;
}

/** What a metric is by the naming rules of Prometheus, where nothing better is known. */
export function typeByName(metric: string): SeriesType {
  return /_(?:total|count|sum|bucket)$/.test(metric) ? 'counter' : 'gauge';
}
