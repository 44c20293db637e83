import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paretoTailProbability } from './pareto-tail.js';
import { createRandom } from './random.js';

fc.configureGlobal({ seed: 20240917 });

interface Case {
  readonly peaks: readonly number[];
  readonly exceedances: number;
  readonly beyond: readonly (readonly [x: number, p: number])[];
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/pareto-tail.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

function probability(peaks: Float64Array, x: number): number {
  const result = paretoTailProbability(peaks, x);
  if ('kind' in result) throw new Error(result.reason);
  return result.p;
}

describe('paretoTailProbability', () => {
  it.each(reference.cases)(
    'matches a dense integration with scipy densities (%#)',
    ({ peaks, exceedances, beyond }) => {
      for (const [x, p] of beyond) {
        const result = paretoTailProbability(Float64Array.from(peaks), x);
        expect(result).toMatchObject({ exceedances });
        const expected = Math.min(p, 1 / (peaks.length + 1));
        expect(Math.abs(probability(Float64Array.from(peaks), x) / expected - 1), `at ${x}`).toBeLessThan(
          0.03,
        );
      }
    },
  );

  it('is the rank p-value up to the largest peak', () => {
    const peaks = Float64Array.from({ length: 199 }, (_, i) => i + 1);
    expect(probability(peaks, 0)).toBe(1);
    expect(probability(peaks, 190)).toBe(11 / 200);
    expect(probability(peaks, 199)).toBe(2 / 200);
    expect(probability(peaks, 199.5)).toBe(1 / 200);
    expect(probability(peaks, Infinity)).toBe(0);
  });

  it.each([
    [
      'exponential',
      (normal: () => number, uniform: () => number) => -Math.log(1 - uniform()) + 0 * normal(),
      1.3,
    ],
    [
      'largest of 30 normals',
      (normal: () => number) => Math.max(...Array.from({ length: 30 }, () => Math.abs(normal()))),
      1.3,
    ],
    ['Pareto of shape 1/3', (_: () => number, uniform: () => number) => (1 - uniform()) ** (-1 / 3), 2.5],
  ] as const)(
    'keeps the chance of p ≤ 1/2000 from 200 peaks near its nominal value: %s',
    (_name, draw, most) => {
      const random = createRandom(17);
      const next = (): number => draw(random.normal, random.uniform);
      const fresh = Float64Array.from({ length: 200_000 }, next).sort();
      let chance = 0;
      const rounds = 60;
      for (let round = 0; round < rounds; round += 1) {
        const peaks = Float64Array.from({ length: 200 }, next);
        // The rejection region is x ≥ limit: its true probability is read off fresh draws.
        let [low, high] = [0, 1e4];
        for (let step = 0; step < 40; step += 1) {
          const middle = (low + high) / 2;
          if (probability(peaks, middle) > 1 / 2000) low = middle;
          else high = middle;
        }
        chance += fresh.filter((value) => value >= high).length / fresh.length / rounds;
      }
      expect(chance * 2000).toBeLessThan(most);
    },
  );

  it('falls in x, is blind to order, and follows shift and scale', () => {
    const peaksOf = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 90, maxLength: 140 });
    fc.assert(
      fc.property(peaksOf, fc.nat(999), fc.nat(99), (values, x, more) => {
        const peaks = Float64Array.from(values);
        const result = paretoTailProbability(peaks, x);
        if ('kind' in result) return;
        expect(result.p).toBeGreaterThanOrEqual(0);
        expect(result.p).toBeLessThanOrEqual(1);
        expect(probability(peaks, x + more)).toBeLessThanOrEqual(result.p);
        const moved = peaks.map((peak) => 4 * peak + 8).reverse();
        expect(probability(moved, 4 * x + 8)).toBeCloseTo(result.p, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('says why there is no tail', () => {
    expect(paretoTailProbability(new Float64Array(89).fill(1), 2)).toEqual({
      kind: 'insufficient',
      reason: 'a tail needs at least 90 finite peaks, there are 89',
    });
    expect(paretoTailProbability(new Float64Array(100).fill(3), 4)).toMatchObject({ kind: 'insufficient' });
    expect(paretoTailProbability(new Float64Array(100).fill(NaN), 4)).toMatchObject({ kind: 'insufficient' });
    expect(() => paretoTailProbability(new Float64Array(100), NaN)).toThrow('x must be a number');
  });
});
