import type { SeriesType } from '../../domain/sample.js';

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
 * @throws UndecodableAnswer
 */
export function decodeMatrix(data: unknown): readonly DecodedSeries[] {
  const { resultType, result } = object(data);
  if (!Array.isArray(result)) throw new UndecodableAnswer('the answer has no "result"');
  if (resultType !== 'matrix')
    throw new UndecodableAnswer(`the answer is a ${String(resultType)}, not series over time`);
  return result.map(decodeSeries);
}

function decodeSeries(entry: unknown): DecodedSeries {
  const { metric, values, histograms } = object(entry);
  if (values === undefined && histograms !== undefined)
    throw new UndecodableAnswer(
      'the answer holds native histograms; take a number out of them, such as histogram_quantile(0.95, …)',
    );
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
