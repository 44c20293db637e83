import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logNormalCdf, normalCdf, normalQuantile, normalSurvival } from './normal.js';

fc.configureGlobal({ seed: 20240917 });

type Rows = readonly (readonly [number, number])[];
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/normal.json', import.meta.url), 'utf8'),
) as { readonly cases: Readonly<Record<'cdf' | 'survival' | 'quantile' | 'logCdf', Rows>> };

const functions = {
  cdf: normalCdf,
  survival: normalSurvival,
  quantile: normalQuantile,
  logCdf: logNormalCdf,
};

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
}

describe('normal distribution', () => {
  it.each(Object.entries(reference.cases))('%s matches scipy to 1e-12 relative', (name, rows) => {
    const compute = functions[name as keyof typeof functions];
    for (const [at, expected] of rows) {
      if (expected === 0) expect(Math.abs(compute(at))).toBeLessThan(1e-15);
      else expect(relativeError(compute(at), expected), `${name}(${at})`).toBeLessThan(1e-12);
    }
  });

  it('has a quantile that undoes the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 5, noNaN: true }), (z) => {
        expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 8);
      }),
    );
  });

  it('joins the asymptotic series without a step', () => {
    expect(logNormalCdf(-20 - 1e-9) - logNormalCdf(-20 + 1e-9)).toBeCloseTo(-4.01e-8, 10);
    expect(logNormalCdf(6 + 1e-9)).toBeGreaterThanOrEqual(logNormalCdf(6 - 1e-9));
  });

  it('covers the ends of the quantile and refuses the rest', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    for (const p of [-0.1, 1.1, NaN]) expect(() => normalQuantile(p)).toThrow('p must lie in [0, 1]');
  });
});
