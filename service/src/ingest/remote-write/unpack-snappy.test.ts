import fc from 'fast-check';
import { compress } from 'snappyjs';
import { expect, it } from 'vitest';
import { unpackSnappy } from './unpack-snappy.js';

/** Texts that repeat at all distances, so that every kind of copy comes up. */
const body = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 300 })), {
    maxLength: 6,
  })
  .map((parts) =>
    Uint8Array.from(
      parts.flatMap(([bytes, times]) => Array.from({ length: times }, () => [...bytes]).flat()),
    ),
  );

it('gives back what the library packed', () => {
  fc.assert(
    fc.property(body, (bytes) => {
      expect(Buffer.compare(unpackSnappy(compress(bytes), 1_000_000), bytes)).toBe(0);
    }),
    { seed: 3, numRuns: 150 },
  );
});

it.each([
  ['one byte of length', [3, 8, 97, 98, 99], 'abc'],
  ['the length of a literal in a byte of its own', [3, 0xf0, 2, 97, 98, 99], 'abc'],
  ['in four bytes', [3, 0xfc, 2, 0, 0, 0, 97, 98, 99], 'abc'],
  ['a copy that overlaps itself', [6, 4, 97, 98, 1, 2], 'ababab'],
  ['a copy with two bytes of offset', [5, 4, 97, 98, 0x0a, 2, 0], 'ababa'],
  ['a copy with four bytes of offset', [5, 4, 97, 98, 0x0b, 2, 0, 0, 0], 'ababa'],
  ['nothing', [0], ''],
])('reads %s', (_name, bytes, text) => {
  expect(new TextDecoder().decode(unpackSnappy(Uint8Array.from(bytes), 100))).toBe(text);
});

it.each([
  ['no length', []],
  ['a length without an end', [0xff, 0xff, 0xff, 0xff, 0xff, 1]],
  ['a literal of 2^31 bytes', [3, 0xfc, 0, 0, 0, 0x80, 97]],
  ['a literal of 2^32 bytes', [3, 0xfc, 0xff, 0xff, 0xff, 0xff, 97]],
  ['a literal beyond the end', [3, 8, 97]],
  ['a copy from before the beginning', [6, 4, 97, 98, 1, 3]],
  ['a copy from itself', [6, 4, 97, 98, 1, 0]],
  ['a copy that is cut off', [6, 4, 97, 98, 1]],
  ['more than it claims', [2, 8, 97, 98, 99]],
  ['less than it claims', [4, 8, 97, 98, 99]],
])('refuses %s', (_name, bytes) => {
  expect(() => unpackSnappy(Uint8Array.from(bytes), 100)).toThrow('no block of snappy');
});

it('refuses what claims to be too large before it unpacks it', () => {
  expect(() => unpackSnappy(compress(new Uint8Array(1_000)), 999)).toThrow('unpacks to 1000 bytes');
});
