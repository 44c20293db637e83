import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addBuckets, cumulateBuckets, type ExponentialBuckets } from './exponential-buckets.js';

/** Buckets of observations, straight from the definition: bucket i is (base^(i−1), base^i]. */
function observe(values: readonly number[], scale: number): ExponentialBuckets {
  const positive = new Map<number, number>();
  const negative = new Map<number, number>();
  let zeros = 0;
  for (const value of values) {
    if (value === 0) zeros += 1;
    else {
      const side = value > 0 ? positive : negative;
      const index = Math.ceil(Math.log2(Math.abs(value)) * 2 ** scale);
      side.set(index, (side.get(index) ?? 0) + 1);
    }
  }
  return { scale, positive, negative, zeros, zeroThreshold: 0 };
}

/** Off the bounds, where rounding would decide. */
const value = fc
  .integer({ min: -2_000, max: 2_000 })
  .map((n) => (n === 0 ? 0 : n * 1.000_321 + Math.sign(n) * 0.000_37));

it('counts up to each bound what lies up to it, at any resolution', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: -4, max: 8 }), (values, scale) => {
      const upTo = cumulateBuckets(observe(values, scale));
      for (const { bound, count } of upTo) expect(count).toBe(values.filter((each) => each <= bound).length);
      expect(upTo.at(-1)?.count ?? 0).toBe(values.length);
      expect(upTo.every(({ bound }, index) => index === 0 || bound > (upTo[index - 1]?.bound ?? bound))).toBe(
        true,
      );
    }),
    { seed: 6, numRuns: 500 },
  );
});

it('adds up to what both observed together, whatever their resolutions', () => {
  fc.assert(
    fc.property(
      fc.array(value),
      fc.array(value),
      fc.integer({ min: -2, max: 6 }),
      fc.integer({ min: -2, max: 6 }),
      (a, b, ofA, ofB) => {
        const sum = addBuckets(observe(a, ofA), observe(b, ofB));
        expect(cumulateBuckets(sum)).toEqual(cumulateBuckets(observe([...a, ...b], Math.min(ofA, ofB))));
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

it('merges buckets until there are not too many', () => {
  const many = new Map(Array.from({ length: 5_000 }, (_, index) => [index, 1] as const));
  const upTo = cumulateBuckets({ scale: 3, positive: many, negative: new Map(), zeros: 0, zeroThreshold: 0 });
  expect(upTo.length).toBeLessThanOrEqual(321);
  expect(upTo.at(-1)?.count).toBeLessThanOrEqual(5_000);
});
