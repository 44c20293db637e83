import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mannWhitney } from './mann-whitney.js';
import { createRandom } from './random.js';

fc.configureGlobal({ seed: 20240917 });

interface Case {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly method: string;
  readonly u: number;
  readonly p: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/mann-whitney.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

const samples = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 25 });

describe('mannWhitney', () => {
  it.each(reference.cases.map((one) => ({ ...one, sizes: `${one.a.length}/${one.b.length}` })))(
    'matches scipy at $sizes ($method)',
    ({ a, b, u, p }) => {
      const result = mannWhitney(a, b);
      expect(result.u).toBe(u);
      expect(Math.abs(result.p / p - 1)).toBeLessThan(1e-10);
    },
  );

  it.each([
    [30, 30],
    [10, 100],
    [5, 200],
  ])('rejects a true null at its nominal rate at %d/%d', (n, m) => {
    const random = createRandom(11);
    const rounds = 4000;
    let rejected = 0;
    for (let round = 0; round < rounds; round += 1) {
      const a = Array.from({ length: n }, random.normal);
      const b = Array.from({ length: m }, random.normal);
      if (mannWhitney(a, b).p <= 0.05) rejected += 1;
    }
    // Discreteness keeps the level a little below 5 %; 3.5 standard errors are 1.2 %.
    expect(rejected / rounds).toBeGreaterThan(0.036);
    expect(rejected / rounds).toBeLessThan(0.062);
  });

  it('is symmetric under swap, blind to order, and has p in [0, 1]', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const one = mannWhitney(a, b);
        const swapped = mannWhitney([...b].reverse(), [...a].reverse());
        expect(swapped.p).toBe(one.p);
        expect(swapped.u).toBe(a.length * b.length - one.u);
        expect(swapped.z + one.z).toBeCloseTo(0, 12);
        expect(one.p).toBeGreaterThanOrEqual(0);
        expect(one.p).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('sees ranks alone: shift, scale and any monotone change leave it', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const stretch = (value: number): number => Math.exp(value / 3) + 100;
        expect(mannWhitney(a.map(stretch), b.map(stretch))).toEqual(mannWhitney(a, b));
      }),
    );
  });

  it('never lowers z when the values of a rise', () => {
    fc.assert(
      fc.property(samples, samples, fc.nat(9), (a, b, rise) => {
        const { u } = mannWhitney(a, b);
        expect(
          mannWhitney(
            a.map((value) => value + rise),
            b,
          ).u,
        ).toBeGreaterThanOrEqual(u);
      }),
    );
  });

  it('says nothing without values or differences', () => {
    expect(mannWhitney([], [1, 2])).toEqual({ u: 0, p: 1, z: 0 });
    expect(mannWhitney([NaN], [1, 2])).toEqual({ u: 0, p: 1, z: 0 });
    expect(mannWhitney([4, 4], [4, 4, 4])).toEqual({ u: 3, p: 1, z: 0 });
  });
});
