import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialConfidenceSequence } from './binomial-confidence-sequence.js';
import { createRandom } from './random.js';
import { wilsonInterval } from './wilson-interval.js';

fc.configureGlobal({ seed: 20261123 });

interface Case {
  readonly successes: number;
  readonly trials: number;
  readonly level: number;
  readonly low: number;
  readonly high: number;
}
const reference = JSON.parse(
  readFileSync(
    new URL('../../../fixtures/reference/binomial-confidence-sequence.json', import.meta.url),
    'utf8',
  ),
) as { readonly cases: readonly Case[] };

/** Rounds of which the lower bound ever rises above the rate at which they were drawn. */
function everAbove(rate: number, trials: number, rounds: number): number {
  const random = createRandom(31);
  let above = 0;
  for (let round = 0; round < rounds; round += 1) {
    let successes = 0;
    for (let n = 1; n <= trials; n += 1) {
      if (random.uniform() >= rate) continue;
      successes += 1;
      // The bound only rises with a success: nothing is lost by looking no oftener.
      if (binomialConfidenceSequence(successes, n).low <= rate) continue;
      above += 1;
      break;
    }
  }
  return above;
}

describe('binomialConfidenceSequence', () => {
  it.each(reference.cases)(
    'matches scipy at $successes of $trials',
    ({ successes, trials, level, low, high }) => {
      const interval = binomialConfidenceSequence(successes, trials, level);
      expect(interval.low).toBeCloseTo(low, 10);
      expect(interval.high).toBeCloseTo(high, 10);
    },
  );

  it('holds the rate, mirrors under swap, and is wider than an interval for one look', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (successes, failures) => {
        const trials = successes + failures;
        const { low, high } = binomialConfidenceSequence(successes, trials);
        const mirrored = binomialConfidenceSequence(failures, trials);
        const once = wilsonInterval(successes, trials);
        expect(mirrored.low).toBeCloseTo(1 - high, 9);
        expect(high - low).toBeGreaterThanOrEqual(once.high - once.low - 1e-9);
        if (trials === 0) return;
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
      }),
      { numRuns: 60 },
    );
  });

  it('rises above the true rate at any of 300 looks in at most 5 % of rounds, at small and large rates', () => {
    // Ville's inequality bounds both ends together by 5 %; Binomial(200, 0.05) exceeds 19 once in a thousand times.
    expect(everAbove(0.05, 300, 200)).toBeLessThan(19);
    expect(everAbove(0.4, 60, 200)).toBeLessThan(19);
  });

  it('is sharp enough to tell three times the rate within a hundred or two', () => {
    expect(binomialConfidenceSequence(15, 100).low).toBeGreaterThan(0.05);
    expect(binomialConfidenceSequence(5, 100).low).toBeLessThan(0.05);
  });

  it('knows nothing without trials and refuses impossible counts', () => {
    expect(binomialConfidenceSequence(0, 0)).toEqual({ low: 0, high: 1 });
    expect(() => binomialConfidenceSequence(3, 2)).toThrow('successes and trials must be counts');
    expect(() => binomialConfidenceSequence(0.5, 2)).toThrow(RangeError);
    expect(() => binomialConfidenceSequence(NaN, 2)).toThrow(RangeError);
    expect(() => binomialConfidenceSequence(1, 2, 95)).toThrow('level must lie in (0, 1)');
  });
});
