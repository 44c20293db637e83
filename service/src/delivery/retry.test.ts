import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultRetryPolicy, nextAttempt, parseRetryAfter, type RetryPolicy } from './retry.js';

const always = (value: number) => () => value;
const delays = (random: () => number, retryAfterMs?: number) =>
  Array.from({ length: defaultRetryPolicy.maxAttempts }, (_, i) => {
    const next = nextAttempt(defaultRetryPolicy, i + 1, random, retryAfterMs);
    return next.kind === 'dead' ? 'dead' : next.delayMs;
  });
const sumHours = (list: readonly (number | 'dead')[]) =>
  list.reduce<number>((sum, ms) => sum + (ms === 'dead' ? 0 : ms), 0) / 3_600_000;

describe('nextAttempt', () => {
  it('has these ceilings by default, then gives up', () => {
    const h = 28_800_000;
    expect(delays(always(1))).toEqual([
      5_000,
      20_000,
      80_000,
      320_000,
      1_280_000,
      5_120_000,
      20_480_000,
      h,
      h,
      h,
      h,
      h,
      h,
      h,
      h,
      'dead',
    ]);
  });

  it('spans 72 hours at most and 36 on average', () => {
    expect(sumHours(delays(always(1)))).toBeCloseTo(71.6, 1);
    expect(sumHours(delays(always(0.5)))).toBeCloseTo(35.8, 1);
  });

  it('waits at least as long as the receiver asks, up to the cap', () => {
    expect(nextAttempt(defaultRetryPolicy, 1, always(0), 60_000)).toEqual({ kind: 'retry', delayMs: 60_000 });
    expect(nextAttempt(defaultRetryPolicy, 1, always(0), 365 * 86_400_000)).toEqual({
      kind: 'retry',
      delayMs: 28_800_000,
    });
    expect(nextAttempt(defaultRetryPolicy, 7, always(1), 60_000)).toEqual({
      kind: 'retry',
      delayMs: 20_480_000,
    });
  });

  it('stays between floor and cap, never waits less for a larger random number, and ends', () => {
    const policies: fc.Arbitrary<RetryPolicy> = fc
      .record({
        baseMs: fc.integer({ min: 1, max: 10_000 }),
        factor: fc.integer({ min: 1, max: 8 }),
        capMs: fc.integer({ min: 10_000, max: 1e8 }),
        maxAttempts: fc.integer({ min: 1, max: 2_000 }),
      })
      .map((p) => ({ ...p, floorMs: Math.ceil(p.baseMs / 5), retryAfterCapMs: p.capMs }));
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 1, max: 2_000 }),
        unit,
        unit,
        fc.nat(1e9),
        (policy, failures, a, b, askedMs) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map((r) =>
            nextAttempt(policy, failures, always(r), askedMs),
          );
          if (failures >= policy.maxAttempts) {
            expect(high).toEqual({ kind: 'dead' });
            return;
          }
          if (low?.kind !== 'retry' || high?.kind !== 'retry') throw new Error('gave up too early');
          expect(low.delayMs).toBeGreaterThanOrEqual(policy.floorMs);
          expect(high.delayMs).toBeGreaterThanOrEqual(low.delayMs);
          expect(high.delayMs).toBeLessThanOrEqual(policy.capMs);
          expect(Number.isSafeInteger(high.delayMs)).toBe(true);
        },
      ),
      { seed: 4 },
    );
  });
});

describe('parseRetryAfter', () => {
  const nowMs = Date.parse('2024-05-06T07:08:09Z');
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Mon, 06 May 2024 07:10:09 GMT', 120_000],
    ['Monday, 06-May-24 07:10:09 GMT', 120_000],
    ['Mon May  6 07:10:09 2024', 120_000],
    ['Mon, 06 May 2024 07:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2024-05-06', undefined],
    ['Mon, 99 Foo 2024 07:10:09 GMT', undefined],
    ['99999999999', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %j ms', (header, expected) => {
    expect(parseRetryAfter(header, nowMs)).toBe(expected);
  });

  it('never gives a negative or non-finite wait', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
        ),
        (header) => {
          const ms = parseRetryAfter(header, nowMs);
          expect(ms === undefined || (ms >= 0 && Number.isFinite(ms))).toBe(true);
        },
      ),
      { seed: 5 },
    );
  });
});
