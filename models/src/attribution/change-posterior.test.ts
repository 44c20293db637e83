import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { changePosterior } from './change-posterior.js';
import { credibleInterval } from './credible-interval.js';

fc.configureGlobal({ seed: 20261123 });

interface Case {
  readonly values: readonly (number | null)[];
  readonly autocorrelation: number;
  readonly first: number;
  readonly probability: readonly number[];
}
const { cases } = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/change-posterior.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };
const series = (values: readonly (number | null)[]): Float64Array =>
  Float64Array.from(values, (value) => value ?? NaN);
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

function autoregression(random: ReturnType<typeof createRandom>, length: number, phi: number): Float64Array {
  let state = random.normal();
  return Float64Array.from({ length }, () => {
    const now = state;
    state = phi * state + Math.sqrt(1 - phi * phi) * random.normal();
    return now;
  });
}

describe('changePosterior', () => {
  it.each(cases)('matches least squares with the whole covariance matrix (%#)', (one) => {
    const found = changePosterior(series(one.values), { first: 1, autocorrelation: one.autocorrelation });
    expect(found?.first).toBe(one.first);
    expect(found?.probability).toHaveLength(one.probability.length);
    one.probability.forEach((p, k) => expect(found?.probability[k]).toBeCloseTo(p, 7));
  });

  it.each([
    [0, 100, 20],
    [0.6, 100, 20],
    [0.6, 20, 100],
  ])('covers the true place about as often as it says (AR %s, %s before, %s after)', (phi, before, after) => {
    const random = createRandom(3);
    const rounds = 150;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      const values = autoregression(random, before + after, phi).map((x, k) => (k >= before ? x + 1.5 : x));
      const found = changePosterior(values, { first: 1, autocorrelation: phi });
      const { from, to } = credibleInterval(found?.probability ?? new Float64Array(1), 0.9);
      const first = found?.first ?? 0;
      if (first + from <= before && before <= first + to) covered += 1;
    }
    expect(covered / rounds).toBeGreaterThan(0.9 - 3.5 * Math.sqrt(0.09 / rounds));
  });

  it('prefers no place strongly where nothing changed', () => {
    const random = createRandom(4);
    let sure = 0;
    for (let round = 0; round < 100; round++) {
      const found = changePosterior(autoregression(random, 60, 0.4), { first: 1, autocorrelation: 0.4 });
      if (Math.max(...(found?.probability ?? [])) > 0.8) sure += 1;
    }
    expect(sure).toBeLessThanOrEqual(5);
  });

  it('is blind to unit, level and sign, and adds up to 1', () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(
        values,
        fc.constantFrom(-3, 0.5, 7),
        fc.integer({ min: -9, max: 9 }),
        (raw, unit, level) => {
          const options = { first: 1, autocorrelation: 0.3 };
          const found = changePosterior(Float64Array.from(raw), options);
          const moved = changePosterior(
            Float64Array.from(raw, (x) => unit * x + level),
            options,
          );
          expect(moved?.first).toBe(found?.first);
          if (found === undefined) return;
          expect(sum(found.probability)).toBeCloseTo(1, 9);
          found.probability.forEach((p, k) => expect(moved?.probability[k]).toBeCloseTo(p, 5));
        },
      ),
    );
  });

  it('has an answer for whatever comes', () => {
    const value = fc.oneof(
      fc.constant(NaN),
      fc.constant(0),
      fc.integer({ min: -5, max: 5 }),
      fc.double({ min: -1e90, max: 1e90, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 50 }), fc.integer({ min: 0, max: 60 }), (raw, first) => {
        const found = changePosterior(Float64Array.from(raw), { first, autocorrelation: 0.5 });
        if (found === undefined) return;
        expect(sum(found.probability)).toBeCloseTo(1, 9);
        expect(found.probability.every((p) => p >= 0)).toBe(true);
      }),
    );
  });

  it('has none without variation or with too few values, and wants a stationary noise', () => {
    const options = { first: 1, autocorrelation: 0 };
    expect(changePosterior(new Float64Array(30).fill(4), options)).toBeUndefined();
    expect(changePosterior(Float64Array.of(1, 2, 1, 2, 1), options)).toBeUndefined();
    expect(changePosterior(new Float64Array(30).fill(NaN), options)).toBeUndefined();
    expect(() => changePosterior(new Float64Array(9), { first: 1, autocorrelation: 1 })).toThrow('[0, 1)');
  });

  it('places a step without noise exactly', () => {
    const values = Float64Array.from({ length: 40 }, (_, k) => (k >= 30 ? 1 : 0));
    const found = changePosterior(values, { first: 1, autocorrelation: 0 });
    expect(found?.probability[30 - found.first]).toBeGreaterThan(0.999);
  });
});

describe('credibleInterval', () => {
  it('is the hull of the likeliest places', () => {
    const probability = Float64Array.of(0.05, 0.3, 0.05, 0.5, 0.1);
    expect(credibleInterval(probability, 0.45)).toEqual({ at: 3, from: 3, to: 3 });
    expect(credibleInterval(probability, 0.8)).toEqual({ at: 3, from: 1, to: 3 });
    expect(credibleInterval(probability, 0.999)).toEqual({ at: 3, from: 0, to: 4 });
  });

  it('refuses what has no meaning', () => {
    expect(() => credibleInterval(new Float64Array(), 0.9)).toThrow('no place');
    expect(() => credibleInterval(Float64Array.of(1), 1)).toThrow('level');
  });
});
