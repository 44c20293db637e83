import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/index.js';
import { welchTest } from './welch-test.js';

fc.configureGlobal({ seed: 20261123 });

interface Case {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly t: number;
  readonly df: number;
  readonly p: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/peer-welch.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

const samples = fc
  .array(fc.integer({ min: -99, max: 99 }), { minLength: 2, maxLength: 20 })
  .map((values) => Float64Array.from(values));

describe('welchTest', () => {
  it.each(reference.cases)('matches scipy (p = $p)', ({ a, b, t, df, p }) => {
    const result = welchTest(Float64Array.from(a), Float64Array.from(b));
    expect(result.t).toBeCloseTo(t, 9);
    expect(result.degreesOfFreedom).toBeCloseTo(df, 8);
    expect(Math.abs(result.p / p - 1)).toBeLessThan(1e-9);
  });

  it.each([
    [30, 30],
    [10, 100],
    [5, 200],
  ])('rejects a true null at its nominal rate at %d/%d', (n, m) => {
    const random = createRandom(3);
    const rounds = 4000;
    let rejected = 0;
    for (let round = 0; round < rounds; round += 1) {
      const a = Float64Array.from({ length: n }, random.normal);
      const b = Float64Array.from({ length: m }, random.normal);
      if (welchTest(a, b).p <= 0.05) rejected += 1;
    }
    // 3.5 standard errors are 1.2 %.
    expect(Math.abs(rejected / rounds - 0.05)).toBeLessThan(0.013);
  });

  it('is symmetric under swap, blind to shift and scale, and has p in [0, 1]', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const { t, p } = welchTest(a, b);
        expect(welchTest(b, a).p).toBeCloseTo(p, 12);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        if (!Number.isFinite(t)) return;
        const moved = (values: Float64Array): Float64Array => values.map((value) => 4 * value + 8);
        expect(welchTest(moved(a), moved(b)).t).toBeCloseTo(t, 9);
      }),
    );
  });

  it('has an answer for samples that are short or constant', () => {
    const one = Float64Array.of(1);
    const constant = Float64Array.of(2, 2, 2);
    expect(welchTest(one, constant).p).toBe(1);
    expect(welchTest(constant, constant).p).toBe(1);
    expect(welchTest(constant, Float64Array.of(3, 3)).p).toBe(0);
  });
});
