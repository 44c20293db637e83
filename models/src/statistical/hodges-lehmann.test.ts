import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hodgesLehmannShift } from './hodges-lehmann.js';
import { pairwiseDifference } from './pairwise-difference.js';
import { createRandom } from './random.js';

fc.configureGlobal({ seed: 20240917 });

interface Case {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly shift: number;
  readonly differences: readonly (readonly [order: number, value: number])[];
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/hodges-lehmann.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

const samples = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 20 });

describe('hodgesLehmannShift', () => {
  it.each(reference.cases)(
    'matches all differences formed one by one (%#)',
    ({ before, after, shift, differences }) => {
      expect(hodgesLehmannShift(before, after).shift).toBeCloseTo(shift, 10);
      const [x, y] = [Float64Array.from(before).sort(), Float64Array.from(after).sort()];
      for (const [order, value] of differences) expect(pairwiseDifference(x, y, order)).toBe(value);
    },
  );

  it('finds every order statistic, ties included', () => {
    fc.assert(
      fc.property(samples, samples, (before, after) => {
        const [x, y] = [Float64Array.from(before).sort(), Float64Array.from(after).sort()];
        const all = before.flatMap((b) => after.map((a) => a - b)).sort((p, q) => p - q);
        expect(all.map((_, order) => pairwiseDifference(x, y, order))).toEqual(all);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    [30, 30, 600],
    [10, 100, 600],
    [5, 200, 600],
    [4, 4, 2000],
    [200, 300, 300],
  ])('covers the true shift about as often as it says at %d/%d', (n, m, rounds) => {
    const random = createRandom(5);
    let covered = 0;
    for (let round = 0; round < rounds; round += 1) {
      const before = Array.from({ length: n }, () => random.normal() ** 3);
      const after = Array.from({ length: m }, () => 2 + random.normal() ** 3);
      const { low, high } = hodgesLehmannShift(before, after);
      if (low <= 2 && 2 <= high) covered += 1;
    }
    expect(covered / rounds).toBeGreaterThan(0.95 - 3.5 * Math.sqrt((0.95 * 0.05) / rounds));
    expect(covered / rounds).toBeLessThan(0.985);
  });

  it('is blind to order, follows shift, and mirrors under swap', () => {
    fc.assert(
      fc.property(samples, samples, fc.integer({ min: -9, max: 9 }), (before, after, move) => {
        const { shift, low, high } = hodgesLehmannShift(before, after);
        const moved = hodgesLehmannShift(before, after.map((value) => value + move).reverse());
        expect([moved.low - move, moved.shift - move, moved.high - move]).toEqual([low, shift, high]);
        const swapped = hodgesLehmannShift(after, before);
        expect([0 - swapped.high, 0 - swapped.shift, 0 - swapped.low]).toEqual([low, shift, high]);
        expect(low).toBeLessThanOrEqual(shift);
        expect(shift).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('widens with the level', () => {
    const values = Array.from({ length: 20 }, (_, i) => i * i);
    const narrow = hodgesLehmannShift(values, values, 0.8);
    const wide = hodgesLehmannShift(values, values, 0.99);
    expect(wide.low).toBeLessThan(narrow.low);
    expect(wide.high).toBeGreaterThan(narrow.high);
    expect(() => hodgesLehmannShift(values, values, 1)).toThrow('level must lie in (0, 1)');
  });

  it('skips gaps, is NaN without values, and stops on values that no double separates', () => {
    expect(hodgesLehmannShift([NaN, 1], [3, NaN])).toEqual({ shift: 2, low: 2, high: 2 });
    expect(hodgesLehmannShift([], [1])).toEqual({ shift: NaN, low: NaN, high: NaN });
    expect(hodgesLehmannShift([0], [1, 1 + Number.EPSILON]).high).toBe(1 + Number.EPSILON);
    expect(hodgesLehmannShift([0, 0], [-1e300, 0, 5e-324, 1e300]).shift).toBe(0);
  });
});
