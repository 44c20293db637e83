import { addHistogram } from '../histograms/add-histogram.js';
import { cumulateBuckets, type ExponentialBuckets } from '../histograms/exponential-buckets.js';
import { cumulateExplicit, type HistogramPoint } from '../histograms/histogram-point.js';
import type { ReceivedSeries } from '../received-series.js';
import type { SampleSink } from '../sample-sink.js';
import { attributeKey, attributeLabels, decodeAttributes } from './attribute-labels.js';
import type { DeltaTotal } from './temporal-state.js';
import {
  wide,
  type DataPoint,
  type ExplicitPoint,
  type ExponentialPoint,
  type NumberPoint,
  type OtlpMetric,
  type SummaryPoint,
  type Wide,
} from './request.js';
import { takeTemporal } from './take-temporal.js';

/** Its lowest bit says that there is no value. */
const NO_VALUE = 1;

/** A metric of one resource, on its way into a sink. */
export interface MetricContext {
  readonly sink: SampleSink;
  readonly resource: Readonly<Record<string, string>>;
  /** The labels of the resource as text, once for all of its points. */
  readonly resourceKey: string;
  readonly metric: string;
  readonly unit: string | undefined;
}

/** Takes in every point of a metric, whatever its kind. */
export function addMetric(context: MetricContext, metric: OtlpMetric): void {
  for (const point of metric.gauge?.dataPoints ?? []) addGauge(context, point);
  const { sum, histogram, exponentialHistogram, summary } = metric;
  for (const point of sum?.dataPoints ?? [])
    addSum(context, point, sum?.aggregationTemporality, sum?.isMonotonic === true);
  for (const point of histogram?.dataPoints ?? [])
    addDistribution(context, point, histogram?.aggregationTemporality, explicitTotal(point));
  for (const point of exponentialHistogram?.dataPoints ?? [])
    addDistribution(context, point, exponentialHistogram?.aggregationTemporality, exponentialTotal(point));
  for (const point of summary?.dataPoints ?? []) addSummary(context, point);
}

function addGauge(context: MetricContext, point: NumberPoint): void {
  const named = name(context, point, 'gauge');
  context.sink.add(context.sink.series(named.key, named.decode), timeMs(point), valueOf(point));
}

function addSum(
  context: MetricContext,
  point: NumberPoint,
  temporality: number | undefined,
  isMonotonic: boolean,
): void {
  const { sink, metric } = context;
  const named = name(context, point, isMonotonic ? 'counter' : 'gauge');
  const series = sink.series(named.key, named.decode);
  const value = valueOf(point);
  if (!Number.isFinite(value)) {
    sink.add(series, timeMs(point), value);
    return;
  }
  if (isMonotonic && value < 0) {
    sink.refuse('malformed', 1, () => `${metric} only grows and is below zero`);
    return;
  }
  const times = { startMs: milliseconds(point.startTimeUnixNano), timeMs: timeMs(point) };
  const total = { count: value, sum: 0 };
  const taken = takeTemporal(sink, { series, metric, temporality, ...times, value: total });
  if (taken === undefined) return;
  if (taken.zeroMs !== undefined) sink.add(series, taken.zeroMs, 0);
  sink.add(series, times.timeMs, taken.total.count);
}

/** A histogram of either kind. */
function addDistribution(
  context: MetricContext,
  point: ExplicitPoint | ExponentialPoint,
  temporality: number | undefined,
  value: DeltaTotal | undefined,
): void {
  const { sink, metric } = context;
  const named = name(context, point, 'counter');
  if ((point.flags ?? 0) & NO_VALUE) {
    sink.refuse('no-value', 1, () => `${metric} has no value`);
    return;
  }
  if (value === undefined) {
    sink.refuse('malformed', 1, () => `${metric} has buckets that do not fit their bounds or their count`);
    return;
  }
  const times = { startMs: milliseconds(point.startTimeUnixNano), timeMs: timeMs(point) };
  const series = sink.series(`${named.key}\u0000_count`, () => {
    const whole = named.decode();
    return { ...whole, metric: `${whole.metric}_count` };
  });
  const taken = takeTemporal(sink, { series, metric, temporality, ...times, value });
  if (taken === undefined) return;
  const made = histogramPoint(times.timeMs, taken.total, Object.hasOwn(point, 'sum'));
  if (taken.zeroMs !== undefined) addHistogram(sink, named.key, named.decode, emptied(made, taken.zeroMs));
  addHistogram(sink, named.key, named.decode, made);
}

/** Quantiles are gauges that an application worked out over a time of its own; count and sum are counters. */
function addSummary(context: MetricContext, point: SummaryPoint): void {
  const { sink } = context;
  const named = name(context, point, 'gauge');
  const counter = (ending: string) =>
    sink.series(`${named.key}\u0000${ending}`, () => {
      const whole = named.decode();
      return { ...whole, metric: `${whole.metric}${ending}`, type: 'counter' };
    });
  const at = timeMs(point);
  if ((point.flags ?? 0) & NO_VALUE) {
    sink.refuse('no-value', 1, () => `${context.metric} has no value`);
    return;
  }
  sink.add(counter('_count'), at, wide(point.count));
  sink.add(counter('_sum'), at, point.sum ?? 0);
  for (const { quantile = 0, value = 0 } of point.quantileValues) {
    const text = String(quantile);
    const series = sink.series(`${named.key}\u0000${text}`, () => {
      const whole = named.decode();
      return { ...whole, labels: { ...whole.labels, quantile: text } };
    });
    sink.add(series, at, value);
  }
}

function name(
  { resource, resourceKey, metric, unit }: MetricContext,
  { attributes }: DataPoint,
  type: ReceivedSeries['type'],
) {
  return {
    key: `${resourceKey}\u0000${metric}\u0000${attributeKey(attributes)}`,
    decode: (): ReceivedSeries => ({
      metric,
      labels: { ...resource, ...attributeLabels(decodeAttributes(attributes)) },
      type,
      ...(unit === undefined ? {} : { unit }),
    }),
  };
}

function valueOf({ value, asDouble = 0, asInt, flags = 0 }: NumberPoint): number {
  if (flags & NO_VALUE || value === undefined) return NaN;
  return value === 'asInt' ? wide(asInt) : asDouble;
}

function explicitTotal(point: ExplicitPoint): DeltaTotal | undefined {
  const { sum = 0, explicitBounds: bounds } = point;
  const count = wide(point.count);
  const bucketCounts = point.bucketCounts.map(wide);
  const counted = bucketCounts.reduce((total, each) => total + each, 0);
  const fits =
    bucketCounts.length === 0
      ? bounds.length === 0
      : bucketCounts.length === bounds.length + 1 && counted === count;
  const ascends = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? bound));
  return fits && ascends ? { count, sum, explicit: { bounds, counts: bucketCounts } } : undefined;
}

function exponentialTotal(point: ExponentialPoint): DeltaTotal | undefined {
  const { sum = 0, scale = 0, zeroThreshold = 0 } = point;
  const zeros = wide(point.zeroCount);
  // The specification has scales from −10 to 20.
  if (!Number.isInteger(scale) || Math.abs(scale) > 20) return undefined;
  const exponential: ExponentialBuckets = {
    ...{ scale, zeros, zeroThreshold },
    positive: side(point.positive),
    negative: side(point.negative),
  };
  return { count: wide(point.count), sum, exponential };
}

/** Its bucket i is (base^i, base^(i+1)]; here the upper end counts. */
function side(buckets: ExponentialPoint['positive']): ReadonlyMap<number, number> {
  const { offset = 0, bucketCounts = [] } = buckets ?? {};
  return new Map(
    bucketCounts.flatMap((each, index): [number, number][] => {
      const count = wide(each);
      return count > 0 ? [[offset + index + 1, count]] : [];
    }),
  );
}

function histogramPoint(at: number, total: DeltaTotal, hasSum: boolean): HistogramPoint {
  const { count, sum, explicit, exponential } = total;
  const upTo =
    exponential === undefined
      ? cumulateExplicit(explicit?.bounds ?? [], explicit?.counts ?? [])
      : cumulateBuckets(exponential);
  return { timeMs: at, count, ...(hasSum ? { sum } : {}), upTo, leavesOutEmpty: exponential !== undefined };
}

/** The same buckets before anything was observed. */
function emptied({ upTo, leavesOutEmpty }: HistogramPoint, at: number): HistogramPoint {
  return { timeMs: at, count: 0, upTo: upTo.map(({ bound }) => ({ bound, count: 0 })), leavesOutEmpty };
}

function timeMs({ timeUnixNano }: DataPoint): number {
  return milliseconds(timeUnixNano);
}

function milliseconds(nanoseconds: Wide | undefined): number {
  return Math.round(wide(nanoseconds) / 1e6);
}
