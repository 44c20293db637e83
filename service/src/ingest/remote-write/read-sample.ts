import { readFields, readInt64, type ProtobufReader } from '../protobuf-fields.js';

export interface SamplePoint {
  readonly timeMs: number;
  readonly value: number;
}

/** Reads `Sample`, which both versions of the protocol share. */
export function readSample(reader: ProtobufReader, end: number): SamplePoint {
  // Both fields are left out where they are zero.
  let value = 0;
  let timeMs = 0;
  readFields(reader, end, (field, _reader, wireType) => {
    if (field === 1 && wireType === 1) value = reader.double();
    else if (field === 2 && wireType === 0) timeMs = readInt64(reader);
    else return false;
    return true;
  });
  return { timeMs, value };
}
