import protobuf from 'protobufjs/light.js';
import { cumulateBuckets } from '../histograms/exponential-buckets.js';
import { cumulateExplicit, type HistogramPoint } from '../histograms/histogram-point.js';
import { PayloadError } from '../payload-error.js';
import type { ProtobufReader } from '../protobuf-fields.js';

/** `prometheus.Histogram`, field by field as published; 64-bit numbers are counts and times. */
const root = protobuf.Root.fromJSON({
  nested: {
    BucketSpan: { fields: { offset: { type: 'sint32', id: 1 }, length: { type: 'uint32', id: 2 } } },
    Histogram: {
      fields: {
        countInt: { type: 'uint64', id: 1 },
        countFloat: { type: 'double', id: 2 },
        sum: { type: 'double', id: 3 },
        schema: { type: 'sint32', id: 4 },
        zeroThreshold: { type: 'double', id: 5 },
        zeroCountInt: { type: 'uint64', id: 6 },
        zeroCountFloat: { type: 'double', id: 7 },
        negativeSpans: { rule: 'repeated', type: 'BucketSpan', id: 8 },
        negativeDeltas: { rule: 'repeated', type: 'sint64', id: 9 },
        negativeCounts: { rule: 'repeated', type: 'double', id: 10 },
        positiveSpans: { rule: 'repeated', type: 'BucketSpan', id: 11 },
        positiveDeltas: { rule: 'repeated', type: 'sint64', id: 12 },
        positiveCounts: { rule: 'repeated', type: 'double', id: 13 },
        resetHint: { type: 'int32', id: 14 },
        timestamp: { type: 'int64', id: 15 },
        customValues: { rule: 'repeated', type: 'double', id: 16 },
      },
    },
  },
});

const message = root.lookupType('Histogram');

interface Span {
  readonly offset: number;
  readonly length: number;
}

interface RawHistogram {
  readonly countInt: number;
  readonly countFloat: number;
  readonly sum: number;
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCountInt: number;
  readonly zeroCountFloat: number;
  readonly negativeSpans: readonly Span[];
  readonly negativeDeltas: readonly number[];
  readonly negativeCounts: readonly number[];
  readonly positiveSpans: readonly Span[];
  readonly positiveDeltas: readonly number[];
  readonly positiveCounts: readonly number[];
  readonly resetHint: number;
  readonly timestamp: number;
  readonly customValues: readonly number[];
}

/** The schema whose bounds are given one by one. */
const CUSTOM_BOUNDS = -53;
const COARSEST = -4;
const FINEST = 8;
/** Its `reset_hint`: the numbers go up and down, so they are no counts of anything. */
const GAUGE = 3;

/** One native histogram, or the time of one that cannot be taken and why. */
export type NativePoint =
  | { readonly kind: 'point'; readonly point: HistogramPoint }
  /** Its sum is NaN: the series has ended, or its target has. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'unsupported'; readonly why: string };

/** Reads `Histogram`, which both versions of the protocol share. @throws PayloadError `malformed` */
export function readNativeHistogram(reader: ProtobufReader, end: number): NativePoint {
  const decoded = message.decode(reader, end - reader.pos);
  const raw = message.toObject(decoded, { longs: Number, arrays: true, defaults: true }) as RawHistogram;
  if (Number.isNaN(raw.sum)) return { kind: 'stale' };
  if (raw.resetHint === GAUGE) return { kind: 'unsupported', why: 'a gauge histogram' };
  const isCustom = raw.schema === CUSTOM_BOUNDS;
  if (!isCustom && (raw.schema < COARSEST || raw.schema > FINEST))
    return { kind: 'unsupported', why: `a native histogram of schema ${raw.schema}` };
  const positive = side(raw.positiveSpans, raw.positiveDeltas, raw.positiveCounts);
  const upTo = isCustom
    ? cumulateExplicit(raw.customValues, countsOf(positive, raw.customValues.length))
    : cumulateBuckets({
        scale: raw.schema,
        positive,
        negative: side(raw.negativeSpans, raw.negativeDeltas, raw.negativeCounts),
        zeros: raw.zeroCountInt + raw.zeroCountFloat,
        zeroThreshold: raw.zeroThreshold,
      });
  const { timestamp: timeMs, sum } = raw;
  // Of whole and fractional counts the one that is not meant is left out, and reads as zero.
  const count = raw.countInt + raw.countFloat;
  return { kind: 'point', point: { timeMs, count, sum, upTo, leavesOutEmpty: !isCustom } };
}

/** Counts by index. Whole ones come as the difference from the bucket before; a span skips `offset` empty buckets. */
function side(
  spans: readonly Span[],
  deltas: readonly number[],
  counts: readonly number[],
): ReadonlyMap<number, number> {
  const byIndex = new Map<number, number>();
  const given = deltas.length > 0 ? cumulated(deltas) : counts;
  let at = 0;
  let index = 0;
  for (const { offset, length } of spans) {
    index += offset;
    if (length > given.length - at)
      throw new PayloadError('malformed', 'a native histogram has longer spans than buckets');
    for (const last = at + length; at < last; at += 1, index += 1) byIndex.set(index, given[at] ?? 0);
  }
  return byIndex;
}

function cumulated(deltas: readonly number[]): readonly number[] {
  let count = 0;
  return deltas.map((delta) => (count += delta));
}

function countsOf(byIndex: ReadonlyMap<number, number>, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => byIndex.get(index) ?? 0);
}
