import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseMs } from '../../contract-fixtures.js';
import { decodeChunk, encodeChunk } from './chunk-codec.js';

const roundTrip = (timesMs: readonly number[], values: readonly number[]): void => {
  const points = { timesMs: Float64Array.from(timesMs), values: Float64Array.from(values) };
  const decoded = decodeChunk(encodeChunk(points));
  expect(Array.from(decoded.timesMs)).toEqual(timesMs);
  decoded.values.forEach((value, at) => expect(Object.is(value, values[at])).toBe(true));
};
const bytesPerPoint = (value: (at: number) => number): number => {
  const timesMs = Float64Array.from({ length: 1_024 }, (_, at) => baseMs + at * 60_000);
  return encodeChunk({ timesMs, values: timesMs.map((_, at) => value(at)) }).length / 1_024;
};

describe('chunks', () => {
  it('come back bit by bit', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer().map((integer) => integer / 1_000),
      fc.maxSafeInteger(),
      fc.constantFrom(0, -0, 5e-324, Number.MAX_VALUE, 2 ** 51, 0.1 + 0.2),
    );
    const points = fc.uniqueArray(fc.tuple(fc.integer({ min: -1e13, max: 1e13 }), value), {
      selector: ([timeMs]) => timeMs,
      maxLength: 200,
    });
    fc.assert(
      fc.property(points, (unordered) => {
        const ordered = unordered.toSorted(([a], [b]) => a - b);
        roundTrip(
          ordered.map(([timeMs]) => timeMs),
          ordered.map(([, one]) => one),
        );
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('are small: the figures that the format was chosen for', () => {
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const noise = (): number => random() + random() + random() - 1.5;
    let requests = 0;
    expect(bytesPerPoint(() => 42)).toBeLessThan(0.1);
    expect(bytesPerPoint(() => (requests += Math.round(1_000 + 60 * noise())))).toBeLessThan(1.5);
    expect(bytesPerPoint(() => Math.round(200 + 40 * noise()) / 1_000)).toBeLessThan(1.2);
    expect(bytesPerPoint(() => 0.2 + 0.04 * noise())).toBeLessThan(7.2);
  });

  it('that are damaged are an error', () => {
    const bytes = encodeChunk({ timesMs: Float64Array.of(1, 2), values: Float64Array.of(1, 2) });
    expect(() => decodeChunk(bytes.subarray(0, bytes.length - 3))).toThrow();
    expect(() => decodeChunk(Buffer.from('nonsense'))).toThrow();
  });
});
