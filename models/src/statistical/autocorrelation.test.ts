import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lagOneAutocorrelation, longRunVariance } from './autocorrelation.js';
import { effectiveSampleSize } from './effective-sample-size.js';
import { createRandom } from './random.js';

fc.configureGlobal({ seed: 20240917 });

interface Case {
  readonly values: readonly number[];
  readonly lagOne: number;
  readonly longRunVariance: number;
  readonly effectiveSampleSize: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/autocorrelation.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

function autoregression(phi: number, length: number, normal: () => number): Float64Array {
  const values = new Float64Array(length);
  let value = normal() / Math.sqrt(1 - phi * phi);
  for (let i = 0; i < length; i += 1) {
    values[i] = value;
    value = phi * value + normal();
  }
  return values;
}

const samples = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 60 });

describe('dependence in time', () => {
  it.each(reference.cases)('matches its definition in numpy (%#)', (one) => {
    expect(lagOneAutocorrelation(one.values)).toBeCloseTo(one.lagOne, 10);
    expect(longRunVariance(one.values) / one.longRunVariance).toBeCloseTo(1, 10);
    expect(effectiveSampleSize(one.values) / one.effectiveSampleSize).toBeCloseTo(1, 10);
  });

  it.each([
    [0.3, 60],
    [0.6, 60],
    [0.6, 20],
  ])('estimates φ = %d without much bias from %d values', (phi, length) => {
    const random = createRandom(3);
    let mean = 0;
    for (let round = 0; round < 1000; round += 1) {
      mean += lagOneAutocorrelation(autoregression(phi, length, random.normal)) / 1000;
    }
    expect(Math.abs(mean - phi)).toBeLessThan(0.06);
  });

  it.each([0.5, 0.8])('knows how many values an autoregression of %d is worth', (phi) => {
    const random = createRandom(4);
    const expected = (2000 * (1 - phi)) / (1 + phi);
    let mean = 0;
    for (let round = 0; round < 40; round += 1)
      mean += effectiveSampleSize(autoregression(phi, 2000, random.normal)) / 40;
    expect(mean / expected).toBeGreaterThan(0.85);
    expect(mean / expected).toBeLessThan(1.15);
  });

  it('takes no values for neighbours across a gap', () => {
    const random = createRandom(6);
    const values = autoregression(0.8, 4000, random.normal);
    const gappy = values.map((value, i) => (i % 5 === 4 ? NaN : value));
    expect(Math.abs(lagOneAutocorrelation(gappy) - lagOneAutocorrelation(values))).toBeLessThan(0.05);
    const alone = values.map((value, i) => (i % 2 === 1 ? NaN : value));
    expect(lagOneAutocorrelation(alone)).toBe(0);
  });

  it('stays in range, ignores shift and scale, and is calm about empty, short and constant input', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(0.5, 2, 64), (values, scale) => {
        const correlation = lagOneAutocorrelation(values);
        expect(correlation).toBeGreaterThanOrEqual(0);
        expect(correlation).toBeLessThanOrEqual(0.95);
        const scaled = values.map((value) => value * scale);
        expect(lagOneAutocorrelation(scaled)).toBeCloseTo(correlation, 9);
        const size = effectiveSampleSize(values);
        expect(size).toBeGreaterThanOrEqual(Math.min(1, values.length));
        expect(size).toBeLessThanOrEqual(values.length);
        expect(effectiveSampleSize(scaled)).toBeCloseTo(size, 6);
      }),
    );
    expect(longRunVariance([1])).toBeNaN();
    expect(longRunVariance([5, 5, 5, 5, 5, 5])).toBe(0);
    expect(effectiveSampleSize([])).toBe(0);
    expect(effectiveSampleSize([NaN, 4, 4, 4, 4, 4])).toBe(5);
  });
});
