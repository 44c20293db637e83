import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';
import { devianceBound, signedRootDeviance } from './signed-root-deviance.js';

fc.configureGlobal({ seed: 20240917 });

interface Case {
  readonly events: number;
  readonly total: number;
  readonly baselineEvents: number;
  readonly baselineTotal: number;
  readonly value: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/signed-root-deviance.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

describe('signedRootDeviance', () => {
  it.each(reference.cases)('matches the likelihood-ratio statistic of scipy at $events of $total', (one) => {
    const baselineRatio = one.baselineEvents / one.baselineTotal;
    expect(signedRootDeviance({ ...one, baselineRatio })).toBeCloseTo(one.value, 7);
  });

  it.each([
    [500, 500, 0.1],
    [200, 10_000, 0.05],
    [5_000, 100_000, 0.002],
  ])('is about N(0, 1) under no change at %d against %d, ratio %d', (total, baselineTotal, ratio) => {
    const random = createRandom(21);
    const rounds = 4000;
    let mean = 0;
    let square = 0;
    let rejected = 0;
    for (let round = 0; round < rounds; round += 1) {
      const events = Math.min(total, random.poisson(total * ratio));
      const baselineRatio = Math.min(1, random.poisson(baselineTotal * ratio) / baselineTotal);
      const value = signedRootDeviance({ events, total, baselineRatio, baselineTotal });
      mean += value / rounds;
      square += value ** 2 / rounds;
      if (value > 1.645) rejected += 1;
    }
    expect(Math.abs(mean)).toBeLessThan(0.12);
    // Poisson counts vary 1/(1 − ratio) times as much as binomial ones; that and discreteness are the slack here.
    expect(Math.abs(square - 1)).toBeLessThan(0.2);
    expect(rejected / rounds).toBeGreaterThan(0.03);
    expect(rejected / rounds).toBeLessThan(0.072);
  });

  it.each([
    [30, 30],
    [10, 100],
    [5, 200],
  ])('stays near its level at exposures %d/%d, where counts are coarse', (total, baselineTotal) => {
    const random = createRandom(22);
    const drawn = (trials: number): number => {
      let events = 0;
      for (let i = 0; i < trials; i += 1) if (random.uniform() < 0.3) events += 1;
      return events;
    };
    const rounds = 4000;
    let rejected = 0;
    for (let round = 0; round < rounds; round += 1) {
      const baselineRatio = drawn(baselineTotal) / baselineTotal;
      const value = signedRootDeviance({ events: drawn(total), total, baselineRatio, baselineTotal });
      if (Math.abs(value) > 1.96) rejected += 1;
    }
    expect(rejected / rounds).toBeGreaterThan(0.03);
    expect(rejected / rounds).toBeLessThan(0.085);
  });

  it('is finite at a zero baseline, and the larger that baseline the stronger', () => {
    const at = (baselineTotal: number): number =>
      signedRootDeviance({ events: 3, total: 1000, baselineRatio: 0, baselineTotal });
    expect(at(1000)).toBeCloseTo(Math.sqrt(2 * 3 * Math.log(2)), 2);
    expect(at(100_000)).toBeGreaterThan(at(1000));
    expect(signedRootDeviance({ events: 0, total: 1000, baselineRatio: 0, baselineTotal: 9 })).toBe(0);
    expect(signedRootDeviance({ events: 7, total: 7, baselineRatio: 1, baselineTotal: 9 })).toBe(0);
  });

  it('is 0 without exposure on either side', () => {
    expect(signedRootDeviance({ events: 0, total: 0, baselineRatio: 0.1, baselineTotal: 100 })).toBe(0);
    expect(signedRootDeviance({ events: 3, total: 10, baselineRatio: 0, baselineTotal: 0 })).toBe(0);
  });

  it('takes ratios above 1 as rates', () => {
    const value = signedRootDeviance({ events: 300, total: 100, baselineRatio: 2.5, baselineTotal: 400 });
    expect(value).toBeCloseTo((3 - 2.5) / Math.sqrt(2.6 * (1 / 100 + 1 / 400)), 1);
  });

  const counts = fc.record({
    total: fc.integer({ min: 1, max: 5000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('flips under swap and direction, never falls as events rise, and ignores which events they were', () => {
    fc.assert(
      fc.property(counts, counts, (after, before) => {
        const events = Math.floor(after.share * after.total);
        const baselineEvents = Math.floor(before.share * before.total);
        const input = {
          total: after.total,
          baselineRatio: baselineEvents / before.total,
          baselineTotal: before.total,
        };
        const up = signedRootDeviance({ ...input, events });
        const swapped = signedRootDeviance({
          events: baselineEvents,
          total: before.total,
          baselineRatio: events / after.total,
          baselineTotal: after.total,
        });
        expect(swapped).toBeCloseTo(-up, 5);
        expect(signedRootDeviance({ ...input, events, direction: 'down' })).toBeCloseTo(-up, 10);
        expect(signedRootDeviance({ ...input, events, direction: 'both' })).toBeCloseTo(Math.abs(up), 10);
        if (events < after.total)
          expect(signedRootDeviance({ ...input, events: events + 1 })).toBeGreaterThan(up);
      }),
    );
  });

  it('refuses impossible counts', () => {
    expect(() => signedRootDeviance({ events: -1, total: 1, baselineRatio: 0, baselineTotal: 1 })).toThrow(
      'at least 0',
    );
    expect(() => signedRootDeviance({ events: NaN, total: 1, baselineRatio: 0, baselineTotal: 1 })).toThrow(
      RangeError,
    );
  });
});

describe('devianceBound', () => {
  const boundOf = ({
    events,
    total,
    baselineRatio,
    baselineTotal,
  }: Parameters<typeof signedRootDeviance>[0]) => devianceBound(events, total, baselineRatio, baselineTotal);
  const size = fc.oneof(
    fc.integer({ min: 1, max: 200 }),
    fc.double({ min: 1e-3, max: 1e12, noNaN: true }),
    fc.constantFrom(1, 1e6, 2 ** 53),
  );
  const share = fc.oneof(
    fc.double({ min: 1e-15, max: 1, noNaN: true }),
    fc.double({ min: 1e-15, max: 3, noNaN: true }),
    fc.double({ min: 1e-15, max: 1e-9, noNaN: true }),
    fc.double({ min: 1 - 1e-9, max: 1, noNaN: true }),
    fc.constantFrom(0, 1),
  );

  it('is never less than the deviance, wherever the counts lie', () => {
    fc.assert(
      fc.property(size, size, share, share, (total, baselineTotal, after, baselineRatio) => {
        const comparison = { events: after * total, total, baselineRatio, baselineTotal };
        expect(boundOf(comparison)).toBeGreaterThanOrEqual(signedRootDeviance(comparison) ** 2);
      }),
      { numRuns: 5000 },
    );
  });

  it('is never less than the deviance where the two ratios hardly differ', () => {
    const nudge = fc.double({ min: -1e-7, max: 1e-7, noNaN: true });
    fc.assert(
      fc.property(size, size, share, nudge, (total, baselineTotal, baselineRatio, part) => {
        const comparison = {
          events: baselineRatio * (1 + part) * total,
          total,
          baselineRatio,
          baselineTotal,
        };
        expect(boundOf(comparison)).toBeGreaterThanOrEqual(signedRootDeviance(comparison) ** 2);
      }),
      { numRuns: 5000 },
    );
  });

  it('is at most about twice the deviance of a small movement', () => {
    const comparison = { events: 1050, total: 100_000, baselineRatio: 0.01, baselineTotal: 100_000 };
    expect(boundOf(comparison)).toBeLessThan(2.1 * signedRootDeviance(comparison) ** 2);
  });
});
