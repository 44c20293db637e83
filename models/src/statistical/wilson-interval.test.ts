import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';
import { wilsonInterval } from './wilson-interval.js';

fc.configureGlobal({ seed: 20240917 });

interface Case {
  readonly successes: number;
  readonly trials: number;
  readonly level: number;
  readonly low: number;
  readonly high: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/wilson-interval.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

describe('wilsonInterval', () => {
  it.each(reference.cases)(
    'matches scipy at $successes of $trials',
    ({ successes, trials, level, low, high }) => {
      const interval = wilsonInterval(successes, trials, level);
      expect(interval.low).toBeCloseTo(low, 12);
      expect(interval.high).toBeCloseTo(high, 12);
    },
  );

  it('contains the observed share, mirrors under swap, and narrows with more trials', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (successes, failures) => {
        const trials = successes + failures;
        const { low, high } = wilsonInterval(successes, trials);
        const mirrored = wilsonInterval(failures, trials);
        const wider = wilsonInterval(10 * successes, 10 * trials);
        expect(mirrored.low).toBeCloseTo(1 - high, 12);
        expect(wider.high - wider.low).toBeLessThanOrEqual(high - low);
        if (trials === 0) return;
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
      }),
    );
  });

  it('covers about 95 %', () => {
    const random = createRandom(8);
    let covered = 0;
    for (let round = 0; round < 4000; round += 1) {
      let successes = 0;
      for (let i = 0; i < 60; i += 1) if (random.uniform() < 0.2) successes += 1;
      const { low, high } = wilsonInterval(successes, 60);
      if (low <= 0.2 && 0.2 <= high) covered += 1;
    }
    expect(covered / 4000).toBeGreaterThan(0.93);
    expect(covered / 4000).toBeLessThan(0.975);
  });

  it('knows nothing without trials and refuses impossible counts', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(() => wilsonInterval(3, 2)).toThrow('successes must lie in [0, trials]');
    expect(() => wilsonInterval(-1, 2)).toThrow(RangeError);
    expect(() => wilsonInterval(1, 2, 95)).toThrow('level must lie in (0, 1)');
  });
});
