import type { SeriesType } from '../../domain/sample.js';
import { PayloadError } from '../payload-error.js';
import {
  decoding,
  protobufReader,
  readFields,
  submessageEnd,
  type ProtobufReader,
} from '../protobuf-fields.js';
import { typeByName, type ReceivedSeries } from '../received-series.js';
import type { SampleSink } from '../sample-sink.js';
import { addNativePoint } from './add-native-point.js';
import { readNativeHistogram, type NativePoint } from './native-histogram.js';
import { readSample, type SamplePoint } from './read-sample.js';

/** What a request brought of each kind, which the sender is told (`X-Prometheus-Remote-Write-…-Written`). */
export interface WrittenCounts {
  readonly samples: number;
  readonly histograms: number;
}

interface Metadata {
  readonly type: number;
  readonly unit: number;
}

interface TimeSeries {
  readonly labelReferences: readonly number[];
  readonly samples: readonly SamplePoint[];
  readonly histograms: readonly NativePoint[];
  readonly metadata: Metadata;
}

/** `Metadata.MetricType`; histograms and summaries consist of counters, by their names. */
const TYPES: Readonly<Partial<Record<number, SeriesType>>> = { 1: 'counter', 2: 'gauge' };

/**
 * Decodes `io.prometheus.write.v2.Request` (remote-write 2.0) into a sink: labels are references into a table of texts, and every series
 * brings its type and unit. Exemplars are skipped.
 * @throws PayloadError `malformed`
 */
export function decodeWriteRequest2(bytes: Uint8Array, sink: SampleSink): WrittenCounts {
  return decoding('remote-write 2.0 request', () => {
    const symbols: string[] = [];
    const series: (readonly [from: number, to: number])[] = [];
    const reader = protobufReader(bytes);
    // The table may stand behind the series that use it.
    readFields(reader, reader.len, (field, _reader, wireType) => {
      if (field === 4) symbols.push(reader.string());
      else if (field === 5) {
        const end = submessageEnd(reader, wireType);
        series.push([reader.pos, end]);
        reader.pos = end;
      } else return false;
      return true;
    });
    if (series.length > 0 && symbols[0] !== '')
      throw new PayloadError('malformed', 'the table of texts does not begin with an empty one');
    const counts = { samples: 0, histograms: 0 };
    for (const [from, to] of series) {
      const one = readTimeSeries(protobufReader(bytes.subarray(from, to)));
      add(one, symbols, sink);
      counts.samples += one.samples.length;
      counts.histograms += one.histograms.length;
    }
    return counts;
  });
}

function add(
  { labelReferences, samples, histograms, metadata }: TimeSeries,
  symbols: readonly string[],
  sink: SampleSink,
): void {
  const texts = labelReferences.map((reference) => textAt(symbols, reference));
  const decode = (): ReceivedSeries => seriesOf(texts, metadata, symbols);
  const key = JSON.stringify([...texts, metadata.type]);
  for (const { timeMs, value } of samples) sink.add(sink.series(key, decode), timeMs, value);
  for (const point of histograms) addNativePoint(sink, key, decode, point);
}

function seriesOf(
  texts: readonly string[],
  { type, unit }: Metadata,
  symbols: readonly string[],
): ReceivedSeries {
  if (texts.length % 2 === 1) throw new PayloadError('malformed', 'a label has a name and no value');
  const byName: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let index = 0; index < texts.length; index += 2) {
    const value = texts[index + 1] ?? '';
    if (value !== '') byName[texts[index] ?? ''] = value;
  }
  const { __name__: metric = '', ...labels } = byName;
  const unitText = textAt(symbols, unit);
  return {
    metric,
    labels,
    type: TYPES[type] ?? typeByName(metric),
    ...(unitText === '' ? {} : { unit: unitText }),
  };
}

function textAt(symbols: readonly string[], reference: number): string {
  const text = symbols[reference];
  if (text !== undefined) return text;
  throw new PayloadError('malformed', `a label refers to text ${reference} of ${symbols.length}`);
}

function readTimeSeries(reader: ProtobufReader): TimeSeries {
  const labelReferences: number[] = [];
  const samples: SamplePoint[] = [];
  const histograms: NativePoint[] = [];
  let metadata: Metadata = { type: 0, unit: 0 };
  readFields(reader, reader.len, (field, _reader, wireType) => {
    if (field === 1) readReferences(reader, wireType, labelReferences);
    else if (field === 2) samples.push(readSample(reader, submessageEnd(reader, wireType)));
    else if (field === 3) histograms.push(readNativeHistogram(reader, submessageEnd(reader, wireType)));
    else if (field === 5) metadata = readMetadata(reader, submessageEnd(reader, wireType));
    else return false;
    return true;
  });
  return { labelReferences, samples, histograms, metadata };
}

/** Packed, as senders write it, or one by one, as a reader must accept it. */
function readReferences(reader: ProtobufReader, wireType: number, into: number[]): void {
  if (wireType === 0) {
    into.push(reader.uint32());
    return;
  }
  const end = submessageEnd(reader, wireType);
  while (reader.pos < end) into.push(reader.uint32());
}

function readMetadata(reader: ProtobufReader, end: number): Metadata {
  let type = 0;
  let unit = 0;
  readFields(reader, end, (field) => {
    if (field === 1) type = reader.uint32();
    else if (field === 4) unit = reader.uint32();
    else return false;
    return true;
  });
  return { type, unit };
}
