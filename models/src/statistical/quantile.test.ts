import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, medianAbsoluteDeviation, quantileSorted } from './quantile.js';

fc.configureGlobal({ seed: 20240917 });

interface Case {
  readonly values: readonly number[];
  readonly quantiles: readonly (readonly [number, number])[];
  readonly mad: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/quantile.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('quantiles', () => {
  it.each(reference.cases)('match numpy (%#)', ({ values, quantiles, mad }) => {
    const sorted = Float64Array.from(values).sort();
    for (const [p, expected] of quantiles) expect(quantileSorted(sorted, p)).toBeCloseTo(expected, 10);
    expect(medianAbsoluteDeviation(values)).toBeCloseTo(mad, 10);
  });

  it('skip NaN and are NaN when nothing is left', () => {
    expect(median([NaN, 3, NaN, 1])).toBe(2);
    expect(medianAbsoluteDeviation([NaN, 1, 3])).toBeCloseTo(1.4826, 4);
    expect(median([NaN])).toBeNaN();
    expect(medianAbsoluteDeviation([])).toBeNaN();
    expect(quantileSorted(new Float64Array(0), 0.5)).toBeNaN();
  });

  it('measure deviation from a given centre', () => {
    expect(medianAbsoluteDeviation([1, 2, 3], 0)).toBeCloseTo(2 * 1.4826, 4);
  });

  it('keep infinities where they belong', () => {
    expect(median([1, 2, Infinity])).toBe(2);
    expect(median([Infinity, Infinity])).toBe(Infinity);
  });

  it('refuse a p outside [0, 1]', () => {
    for (const p of [-0.01, 1.01, NaN])
      expect(() => quantileSorted(Float64Array.of(1), p)).toThrow(RangeError);
  });

  it('do not depend on order, follow shift and scale, and leave the input alone', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0.01, max: 100, noNaN: true }), (values, scale) => {
        const moved = values.map((value) => 7 + scale * value).reverse();
        const before = [...values];
        expect(median(moved)).toBeCloseTo(7 + scale * median(values), 4);
        expect(medianAbsoluteDeviation(moved)).toBeCloseTo(scale * medianAbsoluteDeviation(values), 4);
        expect(values).toEqual(before);
      }),
    );
  });

  it('rise with p and stay within the sample', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const sorted = Float64Array.from(values).sort();
        const value = quantileSorted(sorted, p);
        expect(value).toBeGreaterThanOrEqual(quantileSorted(sorted, p / 2));
        expect(value).toBeGreaterThanOrEqual(sorted[0] ?? NaN);
        expect(value).toBeLessThanOrEqual(sorted.at(-1) ?? NaN);
      }),
    );
  });
});
