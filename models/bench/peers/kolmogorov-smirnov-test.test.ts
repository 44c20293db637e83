import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/index.js';
import { kolmogorovSmirnovTest } from './kolmogorov-smirnov-test.js';

fc.configureGlobal({ seed: 20261123 });

interface Case {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly d: number;
  readonly p: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/peer-kolmogorov-smirnov.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

const samples = fc
  .array(fc.integer({ min: -9, max: 9 }), { maxLength: 20 })
  .map((values) => Float64Array.from(values));

describe('kolmogorovSmirnovTest', () => {
  it.each(reference.cases)('matches scipy (d = $d)', ({ a, b, d, p }) => {
    const result = kolmogorovSmirnovTest(Float64Array.from(a), Float64Array.from(b));
    expect(result.d).toBeCloseTo(d, 12);
    expect(Math.abs(result.p - p)).toBeLessThan(1e-10);
  });

  it.each([
    [30, 30],
    [10, 100],
    [5, 200],
  ])('rejects a true null at most at its nominal rate, and not never, at %d/%d', (n, m) => {
    const random = createRandom(5);
    const rounds = 1500;
    let rejected = 0;
    for (let round = 0; round < rounds; round += 1) {
      const a = Float64Array.from({ length: n }, random.normal);
      const b = Float64Array.from({ length: m }, random.normal);
      if (kolmogorovSmirnovTest(a, b).p <= 0.05) rejected += 1;
    }
    // Discreteness keeps the level below 5 %; 3.5 standard errors are 2 %.
    expect(rejected / rounds).toBeGreaterThan(0.02);
    expect(rejected / rounds).toBeLessThan(0.07);
  });

  it('is symmetric under swap, blind to monotone change, and has p in [0, 1]', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const { d, p } = kolmogorovSmirnovTest(a, b);
        expect(kolmogorovSmirnovTest(b, a).d).toBe(d);
        expect(kolmogorovSmirnovTest(b, a).p).toBeCloseTo(p, 10);
        const stretch = (value: number): number => Math.exp(value / 3);
        expect(kolmogorovSmirnovTest(a.map(stretch), b.map(stretch))).toEqual({ d, p });
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});
