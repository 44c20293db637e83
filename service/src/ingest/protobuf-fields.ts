import protobuf from 'protobufjs/minimal.js';
import { PayloadError } from './payload-error.js';

export type ProtobufReader = protobuf.Reader;

/** Reads one field's content; false where the field is not known, and is then skipped. */
export type ReadField = (field: number, reader: ProtobufReader, wireType: number) => boolean;

/** Makes a reader of a message's bytes. */
export function protobufReader(bytes: Uint8Array): ProtobufReader {
  return protobuf.Reader.create(bytes);
}

/**
 * Reads the fields of a message up to `end`.
 * @throws PayloadError `malformed` when a field runs over the end
 */
export function readFields(reader: ProtobufReader, end: number, read: ReadField): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const wireType = tag & 7;
    if (tag >>> 3 === 0) throw new PayloadError('malformed', 'a field has the number 0');
    if (!read(tag >>> 3, reader, wireType)) reader.skipType(wireType);
  }
  if (reader.pos !== end) throw new PayloadError('malformed', 'a field is longer than its message');
}

/** Where the submessage ends that begins here; the reader stands at its first field then. @throws PayloadError `malformed` */
export function submessageEnd(reader: ProtobufReader, wireType: number): number {
  if (wireType !== 2) throw new PayloadError('malformed', 'a message was expected where a number stands');
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new PayloadError('malformed', 'a message is longer than the body');
  return end;
}

/** A signed 64-bit number as a double: exact up to 2^53, which holds every time in milliseconds. */
export function readInt64(reader: ProtobufReader): number {
  const value = reader.int64();
  return typeof value === 'number' ? value : value.high * 2 ** 32 + (value.low >>> 0);
}

/** Runs a decoder; what the protobuf library throws becomes `malformed`. */
export function decoding<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof PayloadError) throw cause;
    throw new PayloadError(
      'malformed',
      `the body is no ${what}: ${cause instanceof Error ? cause.message : ''}`,
      { cause },
    );
  }
}
