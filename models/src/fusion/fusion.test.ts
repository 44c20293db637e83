import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { testRule } from '../verdict/test-watch.js';
import { joinFamily } from './family.js';
import { metricShares } from './metric-shares.js';
import { placeboRank, rankP, rankQuantile, rankUpTo } from './placebo-rank.js';

describe('metricShares', () => {
  const rules = fc.array(
    fc.record({
      criticality: fc.constantFrom('critical' as const, 'normal' as const, 'advisory' as const),
      weight: fc.double({ min: 0.1, max: 10, noNaN: true }),
      group: fc.constantFrom('a', 'b', undefined),
    }),
    { minLength: 1, maxLength: 8 },
  );

  it('divides all of α over the deciding metrics', () => {
    fc.assert(
      fc.property(rules, fc.boolean(), (drawn, hasReserve) => {
        const named = drawn.map(({ group, ...rule }, index) =>
          testRule({ ...rule, name: `m${index}`, ...(group === undefined ? {} : { group }) }),
        );
        const shares = metricShares(named, { a: 3 }, hasReserve).filter((share) => share !== undefined);
        const total = shares.reduce((sum, share) => sum + share.alphaShare, 0);
        if (shares.length > 0) expect(total).toBeCloseTo(1);
      }),
      { seed: 1 },
    );
  });

  it('reserves half for critical metrics and gives advisory ones nothing', () => {
    const shares = metricShares(
      [
        testRule({ name: 'a', criticality: 'critical' }),
        testRule({ name: 'b' }),
        testRule({ name: 'c', weight: 3 }),
        testRule({ name: 'd', criticality: 'advisory' }),
      ],
      {},
      true,
    );
    expect(shares.map((share) => share?.alphaShare)).toEqual([0.5, 0.125, 0.375, undefined]);
  });
});

describe('rankP', () => {
  const rank = placeboRank(
    Float64Array.from({ length: 99 }, (_, index) => ((index * 37) % 99) + 1),
    1000,
    0.05,
  );

  it('is the mid-rank with independent placebos', () => {
    expect(rank.effective).toBeGreaterThan(90);
    const full = { ...rank, effective: 99 };
    // 0, 5 and 99 of 99 placebos reach it, and half of itself.
    expect(rankP(full, 1000)).toBeCloseTo(0.5 / 99.5, 12);
    expect(rankP(full, 95)).toBeCloseTo(5.5 / 99.5, 12);
    expect(rankP(full, 0.5)).toBe(1);
    expect(rankP(full, 0)).toBe(1);
  });

  it('promises no resolution beyond the effective number', () => {
    const random = createRandom(3);
    const peaks = Float64Array.from({ length: 400 }, () => Math.abs(random.normal()));
    expect(rankP(placeboRank(peaks, 24, 0.05), 1e9)).toBeCloseTo(0.5 / 24.5, 12);
  });

  it('falls in the peak and stays in (0, 1]', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 200, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a];
          expect(rankP(rank, high)).toBeLessThanOrEqual(rankP(rank, low));
          expect(rankP(rank, high)).toBeGreaterThan(0);
        },
      ),
      { seed: 1 },
    );
  });

  it('is the same up to a level, and more beyond, of the largest peaks alone', () => {
    const level = fc.double({ min: 0.01, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(level, fc.double({ min: 0, max: 120, noNaN: true }), (asked, peak) => {
        const largest = rankUpTo(rank, asked);
        expect(largest.peaks.length).toBeLessThanOrEqual(asked * 99 + 1);
        const p = rankP(rank, peak);
        if (p <= asked) expect(rankP(largest, peak)).toBe(p);
        else expect(rankP(largest, peak)).toBeGreaterThan(asked);
      }),
      { seed: 1 },
    );
  });

  it('is uniform to half a placebo for exchangeable peaks', () => {
    const random = createRandom(5);
    let rejected = 0;
    for (let trial = 0; trial < 2000; trial++) {
      const peaks = Float64Array.from({ length: 60 }, () => random.normal());
      if (rankP(placeboRank(peaks.map(Math.exp), 60, 0.05), Math.exp(random.normal())) <= 0.05) rejected++;
    }
    // Binomial(2000, 0.05): 100 expected, 140 is more than four standard deviations above.
    expect(rejected).toBeLessThan(140);
    expect(rejected).toBeGreaterThan(20);
  });
});

describe('rankQuantile', () => {
  it('is infinite when there are too few peaks for α', () => {
    expect(rankQuantile(Float64Array.of(1, 2, 3), 0.05)).toBe(Infinity);
    expect(
      rankQuantile(
        Float64Array.from({ length: 19 }, (_, index) => index),
        0.05,
      ),
    ).toBe(18);
  });
});

describe('joinFamily', () => {
  const random = createRandom(9);
  const peaks = Float64Array.from({ length: 120 }, () => Math.abs(random.normal()));
  const share = { isCritical: false, group: 'g', groupWeight: 1, weightInGroup: 1, alphaShare: 0.5 };

  it('of one metric ranks its own peaks', () => {
    const family = joinFamily(false, [{ share, peaks }], 1000, 0.05);
    expect(family.factors).toEqual([1]);
    expect(family.rank.peaks).toHaveLength(80);
  });

  it('a heavier group is heard at a smaller score', () => {
    const other = { ...share, group: 'h' };
    const heavy = joinFamily(
      false,
      [
        { share: { ...share, groupWeight: 1.5 }, peaks },
        { share: { ...other, groupWeight: 0.5 }, peaks },
      ],
      1000,
      0.05,
    );
    expect(heavy.factors[0]).toBeGreaterThan(heavy.factors[1] ?? Infinity);
  });

  it('fills placebos that a metric could not judge', () => {
    const gappy = peaks.map((peak, index) => (index % 5 === 0 ? NaN : peak));
    const family = joinFamily(false, [{ share, peaks: gappy }], 1000, 0.05);
    expect(family.rank.peaks.every((peak) => peak > 0)).toBe(true);
  });
});
