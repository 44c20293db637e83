import {
  readFields,
  submessageEnd,
  protobufReader,
  decoding,
  type ProtobufReader,
} from '../protobuf-fields.js';
import { typeByName, type ReceivedSeries } from '../received-series.js';
import type { SampleSink } from '../sample-sink.js';
import { addNativePoint } from './add-native-point.js';
import { readNativeHistogram, type NativePoint } from './native-histogram.js';
import { readSample, type SamplePoint } from './read-sample.js';

/**
 * Decodes `prometheus.WriteRequest` (remote-write 1.0) into a sink. Labels are decoded only of series that are not known yet: they are nine
 * tenths of the bytes and always the same. Metadata and exemplars are skipped.
 * @param bytes the message, unpacked
 * @throws PayloadError `malformed`
 */
export function decodeWriteRequest(bytes: Uint8Array, sink: SampleSink): undefined {
  decoding('remote-write 1.0 request', () => {
    // The same memory, with a quick way to make a text of some bytes.
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const reader = protobufReader(bytes);
    readFields(reader, reader.len, (field, _reader, wireType) => {
      if (field !== 1) return false;
      readTimeSeries(reader, submessageEnd(reader, wireType), buffer, sink);
      return true;
    });
  });
}

function readTimeSeries(reader: ProtobufReader, end: number, bytes: Buffer, sink: SampleSink): void {
  const samples: SamplePoint[] = [];
  const histograms: NativePoint[] = [];
  const labels: (readonly [from: number, to: number])[] = [];
  readFields(reader, end, (field, _reader, wireType) => {
    if (field === 1) {
      const labelEnd = submessageEnd(reader, wireType);
      labels.push([reader.pos, labelEnd]);
      reader.pos = labelEnd;
    } else if (field === 2) samples.push(readSample(reader, submessageEnd(reader, wireType)));
    else if (field === 4) histograms.push(readNativeHistogram(reader, submessageEnd(reader, wireType)));
    else return false;
    return true;
  });
  const key = bytes.toString('latin1', labels[0]?.[0] ?? 0, labels.at(-1)?.[1] ?? 0);
  const decode = (): ReceivedSeries => decodeLabels(bytes, labels);
  for (const { timeMs, value } of samples) sink.add(sink.series(key, decode), timeMs, value);
  for (const point of histograms) addNativePoint(sink, key, decode, point);
}

function decodeLabels(bytes: Uint8Array, labels: readonly (readonly [number, number])[]): ReceivedSeries {
  const byName: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [from, to] of labels) {
    const reader = protobufReader(bytes.subarray(from, to));
    let name = '';
    let value = '';
    readFields(reader, reader.len, (field) => {
      if (field === 1) name = reader.string();
      else if (field === 2) value = reader.string();
      else return false;
      return true;
    });
    if (value !== '') byName[name] = value;
  }
  const { __name__: metric = '', ...rest } = byName;
  return { metric, labels: rest, type: typeByName(metric) };
}
