import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noiseVarianceOfSum } from './noise-variance-of-sum.js';
import { createRandom } from './random.js';
import { theilSenLine } from './theil-sen.js';

interface LineCase {
  readonly values: readonly (number | null)[];
  readonly slope: number;
  readonly intercept: number;
}

interface VarianceCase {
  readonly indices: readonly number[];
  readonly correlation: number;
  readonly level: number;
  readonly slope: number;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/reference/${name}.json`, import.meta.url), 'utf8'));
const lines = read('theil-sen') as { readonly cases: readonly LineCase[] };
const variances = read('trend-variance') as { readonly cases: readonly VarianceCase[] };

describe('theilSenLine', () => {
  it.each(lines.cases)('matches scipy (%#)', ({ values, slope, intercept }) => {
    const line = theilSenLine(values.map((value) => value ?? NaN));
    expect(line?.slope).toBeCloseTo(slope, 10);
    expect(line?.intercept).toBeCloseTo(intercept, 8);
  });

  it('says nothing of fewer than two values', () => {
    expect(theilSenLine([])).toBeUndefined();
    expect(theilSenLine([NaN, 4, NaN, Infinity])).toBeUndefined();
  });

  it('keeps the slope under shifts and scales with the values', () => {
    const series = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(series, fc.integer({ min: -50, max: 50 }), (values, by) => {
        const slope = theilSenLine(values)?.slope ?? NaN;
        expect(theilSenLine(values.map((value) => value + by))?.slope).toBeCloseTo(slope, 9);
        expect(theilSenLine(values.map((value) => 2 * value))?.slope).toBeCloseTo(2 * slope, 9);
        expect(theilSenLine(values.toReversed())?.slope).toBeCloseTo(-slope, 9);
      }),
      { seed: 3 },
    );
  });

  it('is unbiased without a slope at unequal sizes, and as good where values are left out for speed', () => {
    const random = createRandom(11);
    for (const size of [10, 50, 500]) {
      const trials = size > 100 ? 40 : 300;
      const slopes = Array.from({ length: trials }, () => {
        const values = Array.from({ length: size }, () => random.normal());
        return (theilSenLine(values)?.slope ?? NaN) * Math.sqrt(size ** 3 / 12);
      });
      const mean = slopes.reduce((sum, slope) => sum + slope, 0) / trials;
      const spread = Math.sqrt(slopes.reduce((sum, slope) => sum + slope ** 2, 0) / trials);
      // Standard normal but for the efficiency 3/π, a small-sample factor, and every third value kept at 500.
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(trials) + 0.1);
      expect(spread).toBeGreaterThan(0.75);
      expect(spread).toBeLessThan(2.2);
    }
  });
});

describe('noiseVarianceOfSum', () => {
  it.each(variances.cases)(
    'matches the full covariance matrix (%#)',
    ({ indices, correlation, level, slope }) => {
      const count = indices.length;
      const centre = indices.reduce((sum, index) => sum + index, 0) / count;
      const spread = indices.reduce((sum, index) => sum + (index - centre) ** 2, 0);
      const mean = indices.map(() => 1 / count);
      const rise = indices.map((index) => (index - centre) / spread);
      expect(noiseVarianceOfSum(indices, mean, correlation)).toBeCloseTo(level, 12);
      expect(noiseVarianceOfSum(indices, rise, correlation)).toBeCloseTo(slope, 12);
    },
  );
});
