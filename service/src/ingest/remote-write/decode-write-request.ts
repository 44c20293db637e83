import {
  readFields,
  submessageEnd,
  protobufReader,
  decoding,
  type ProtobufReader,
} from '../protobuf-fields.js';
import { PayloadError } from '../payload-error.js';
import { typeByName, type ReceivedSeries } from '../received-series.js';
import type { SampleSink } from '../sample-sink.js';
import { addNativePoint } from './add-native-point.js';
import { readNativeHistogram } from './native-histogram.js';
import { readSample } from './read-sample.js';

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

/** Field and wire type of what a series consists of. */
const LABEL = (1 << 3) | 2;
const SAMPLE = (2 << 3) | 2;
const HISTOGRAM = (4 << 3) | 2;

/** In two passes, for the labels are needed first and need not stand there; the second begins where they usually end. */
function readTimeSeries(reader: ProtobufReader, end: number, bytes: Buffer, sink: SampleSink): void {
  const from = reader.pos;
  const { labelsFrom, labelsTo, othersFrom } = findLabels(reader, end);
  const key = bytes.toString('latin1', labelsFrom, labelsTo);
  const decode = (): ReceivedSeries => decodeLabels(bytes.subarray(from, end));
  reader.pos = othersFrom;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === SAMPLE) {
      const { timeMs, value } = readSample(reader, submessageEnd(reader, 2));
      sink.add(sink.series(key, decode), timeMs, value);
    } else if (tag === HISTOGRAM)
      addNativePoint(sink, key, decode, readNativeHistogram(reader, submessageEnd(reader, 2)));
    else reader.skipType(tag & 7);
  }
}

interface Parts {
  /** From the first label to the end of the last one. */
  readonly labelsFrom: number;
  readonly labelsTo: number;
  /** Where the first field begins that is no label; the end when there is none. */
  readonly othersFrom: number;
}

/** @throws PayloadError `malformed` when a field runs over the end */
function findLabels(reader: ProtobufReader, end: number): Parts {
  let labelsFrom = end;
  let labelsTo = end;
  let othersFrom = end;
  while (reader.pos < end) {
    const at = reader.pos;
    const tag = reader.uint32();
    if (tag === LABEL) {
      labelsFrom = Math.min(labelsFrom, at);
      reader.pos = labelsTo = submessageEnd(reader, 2);
    } else {
      othersFrom = Math.min(othersFrom, at);
      reader.skipType(tag & 7);
    }
  }
  if (reader.pos === end) return { labelsFrom, labelsTo, othersFrom };
  throw new PayloadError('malformed', 'a field is longer than its series');
}

function decodeLabels(series: Uint8Array): ReceivedSeries {
  const byName: Record<string, string> = Object.create(null) as Record<string, string>;
  const reader = protobufReader(series);
  readFields(reader, reader.len, (field, _reader, wireType) => {
    if (field !== 1) return false;
    const { name, value } = readLabel(reader, submessageEnd(reader, wireType));
    if (value !== '') byName[name] = value;
    return true;
  });
  const { __name__: metric = '', ...labels } = byName;
  return { metric, labels, type: typeByName(metric) };
}

function readLabel(reader: ProtobufReader, end: number): { readonly name: string; readonly value: string } {
  let name = '';
  let value = '';
  readFields(reader, end, (field) => {
    if (field === 1) name = reader.string();
    else if (field === 2) value = reader.string();
    else return false;
    return true;
  });
  return { name, value };
}
