import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observations, shareAbove, valueAtShareAbove } from './bucket-distribution.js';

interface Case {
  readonly upperBounds: readonly number[];
  readonly counts: readonly number[];
  readonly sharesAbove: readonly (readonly [value: number, share: number])[];
  readonly valuesAt: readonly (readonly [share: number, value: number])[];
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/bucket-distribution.json', import.meta.url), 'utf8'),
) as { readonly cases: { readonly distributions: readonly Case[] } };

const drawn = fc
  .array(fc.record({ width: fc.integer({ min: 1, max: 50 }), count: fc.integer({ min: 0, max: 1000 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .filter((buckets) => buckets.some(({ count }) => count > 0))
  .map((buckets) => {
    let bound = 0;
    return {
      upperBounds: Float64Array.from(buckets, ({ width }) => (bound += width)),
      counts: Float64Array.from(buckets, ({ count }) => count),
    };
  });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('a distribution in buckets', () => {
  it.each(reference.cases.distributions)('has the shares and quantiles of numpy: $counts', (one) => {
    const distribution = {
      upperBounds: Float64Array.from(one.upperBounds),
      counts: Float64Array.from(one.counts),
    };
    for (const [value, expected] of one.sharesAbove)
      expect(shareAbove(distribution, value)).toBeCloseTo(expected, 10);
    for (const [asked, expected] of one.valuesAt)
      expect(valueAtShareAbove(distribution, asked).value).toBeCloseTo(expected, 10);
  });

  it('gives a value back for its share', () => {
    fc.assert(
      fc.property(drawn, share, (distribution, asked) => {
        const { value, isBounded } = valueAtShareAbove(distribution, asked);
        expect(isBounded).toBe(true);
        expect(shareAbove(distribution, value)).toBeCloseTo(asked, 6);
      }),
      { seed: 1 },
    );
  });

  it('has larger values at smaller shares, and no share outside [0, 1]', () => {
    fc.assert(
      fc.property(drawn, share, share, (distribution, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const at = (asked: number): number => valueAtShareAbove(distribution, asked).value;
        expect(at(less)).toBeGreaterThanOrEqual(at(more) - 1e-9);
        expect(shareAbove(distribution, 100 * a)).toBeGreaterThanOrEqual(0);
        expect(shareAbove(distribution, 100 * a)).toBeLessThanOrEqual(1);
      }),
      { seed: 2 },
    );
  });

  it('knows no value in a bucket without an end, and none without observations', () => {
    const endless = { upperBounds: Float64Array.of(1, Infinity), counts: Float64Array.of(9, 1) };
    expect(valueAtShareAbove(endless, 0.05)).toEqual({ value: 1, isBounded: false });
    expect(valueAtShareAbove(endless, 0.55)).toEqual({ value: 0.5, isBounded: true });
    const empty = { upperBounds: Float64Array.of(1), counts: Float64Array.of(0) };
    expect(observations(empty)).toBe(0);
    expect(valueAtShareAbove(empty, 0.5)).toEqual({ value: NaN, isBounded: false });
  });
});
