import { PayloadError } from '../payload-error.js';

/** What the two lowest bits of an element's first byte say that it is. */
const LITERAL = 0;
const SHORT_COPY = 1;
const LONG_COPY = 2;
/** Lengths of literals from this on stand in the bytes that follow. */
const LENGTH_FOLLOWS = 60;

/**
 * Unpacks a block of snappy, the compression of remote-write (not its framing format). The length that the block claims is checked before
 * anything is unpacked, and every element against what there is. Written here because the library for it that runs everywhere (snappyjs 0.7)
 * loops for ever on a literal of 2^31 bytes, which anybody can claim.
 *
 * Source: the format description of snappy, "Snappy compressed format description", 2011.
 * @throws PayloadError `too-large` or `malformed`
 */
export function unpackSnappy(packed: Uint8Array, maxBytes: number): Uint8Array {
  const { length, bodyAt } = claimedLength(packed);
  if (length > maxBytes)
    throw new PayloadError(
      'too-large',
      `the body unpacks to ${length} bytes, and at most ${maxBytes} are taken; send fewer samples at a time (queue_config.max_samples_per_send)`,
    );
  const unpacked = new Uint8Array(length);
  let at = bodyAt;
  let to = 0;
  while (at < packed.length) {
    const element = elementAt(packed, at);
    const head = at + element.headBytes;
    if (to + element.length > length) throw broken();
    at = element.offset === 0 ? giveLiteral(packed, head, unpacked, to, element) : head;
    if (element.offset > 0) giveCopy(unpacked, to, element);
    to += element.length;
  }
  if (to !== length) throw broken();
  return unpacked;
}

/** @returns where the next element begins */
function giveLiteral(
  packed: Uint8Array,
  from: number,
  unpacked: Uint8Array,
  to: number,
  { length }: Element,
): number {
  if (from + length > packed.length) throw broken();
  unpacked.set(packed.subarray(from, from + length), to);
  return from + length;
}

/** Bytes that overlap what they give repeat it. */
function giveCopy(bytes: Uint8Array, to: number, { offset, length }: Element): void {
  if (offset > to) throw broken();
  const from = to - offset;
  if (offset >= length) bytes.copyWithin(to, from, from + length);
  else for (let index = 0; index < length; index += 1) bytes[to + index] = bytes[from + index] ?? 0;
}

interface Element {
  /** Bytes that it gives. */
  readonly length: number;
  /** How far back it copies from; 0 is a literal, whose bytes follow its head. */
  readonly offset: number;
  readonly headBytes: number;
}

function elementAt(packed: Uint8Array, at: number): Element {
  const head = packed[at] ?? 0;
  const upper = head >>> 2;
  switch (head & 3) {
    case LITERAL: {
      const extra = upper < LENGTH_FOLLOWS ? 0 : upper - LENGTH_FOLLOWS + 1;
      const length = extra === 0 ? upper : numberAt(packed, at + 1, extra);
      return { length: length + 1, offset: 0, headBytes: 1 + extra };
    }
    case SHORT_COPY:
      return copy((upper & 7) + 4, (head >>> 5) * 256 + numberAt(packed, at + 1, 1), 2);
    case LONG_COPY:
      return copy(upper + 1, numberAt(packed, at + 1, 2), 3);
    default:
      return copy(upper + 1, numberAt(packed, at + 1, 4), 5);
  }
}

function copy(length: number, offset: number, headBytes: number): Element {
  if (offset === 0) throw broken();
  return { length, offset, headBytes };
}

/** The lowest byte comes first. Multiplied, for the bits of a number with 32 of them would read as its sign. */
function numberAt(packed: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > packed.length) throw broken();
  let value = 0;
  for (let index = bytes - 1; index >= 0; index -= 1) value = value * 256 + (packed[at + index] ?? 0);
  return value;
}

/** The varint at the front. */
function claimedLength(packed: Uint8Array): { readonly length: number; readonly bodyAt: number } {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = packed[index];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { length, bodyAt: index + 1 };
  }
  throw broken();
}

function broken(): PayloadError {
  return new PayloadError('malformed', 'the body is no block of snappy');
}
