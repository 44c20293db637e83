import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistogramArm } from '../contract.js';
import { createRandom } from '../statistical/random.js';
import type { BucketDistribution } from '../series/bucket-distribution.js';
import type { Counts } from '../series/clean-counts.js';
import { signedRootDeviance } from '../statistical/signed-root-deviance.js';
import {
  lineCounts,
  quantileLines,
  weightsAbove,
  bucketRanks,
  type DistributionLine,
} from './distribution-lines.js';

interface Case {
  readonly upperBounds: readonly number[];
  readonly quiet: readonly number[];
  readonly live: readonly number[];
  readonly meanRank: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/bucket-distribution.json', import.meta.url), 'utf8'),
) as { readonly cases: { readonly ranks: readonly Case[] } };

const BOUNDS = Float64Array.of(0.05, 0.1, 0.25, 0.5, 1, Infinity);
const arm = (counts: readonly number[], upperBounds = BOUNDS): HistogramArm => ({
  shape: 'histogram',
  upperBounds,
  counts: counts.map((count) => Float64Array.of(count)),
});
const RANK = { kind: 'rank' } as const;

function countsOf(line: DistributionLine, ...[quiet, watched]: [BucketDistribution, HistogramArm]): Counts {
  const [counts] = lineCounts([line], quiet, watched);
  if (counts === undefined) throw new Error('every line counts something');
  return counts;
}

describe('the mean rank', () => {
  it.each(reference.cases.ranks)(
    'is the Mann-Whitney statistic of scipy: $live',
    ({ quiet, live, meanRank }) => {
      const counts = countsOf(RANK, { upperBounds: BOUNDS, counts: Float64Array.from(quiet) }, arm(live));
      expect((counts.events[0] ?? NaN) / (counts.totals[0] ?? NaN)).toBeCloseTo(meanRank, 12);
    },
  );

  it.each([
    [30, 30],
    [100, 10],
    [200, 5],
  ])('of %i quiet and %i live observations exceeds ±1.96 in about 5 % of nulls', (before, after) => {
    const random = createRandom(before);
    const draw = (size: number): number[] => {
      const counts = [0, 0, 0, 0, 0, 0];
      for (let i = 0; i < size; i++) {
        const bucket = Math.floor(6 * random.uniform());
        counts[bucket] = (counts[bucket] ?? 0) + 1;
      }
      return counts;
    };
    let beyond = 0;
    for (let round = 0; round < 2000; round++) {
      const quiet = { upperBounds: BOUNDS, counts: Float64Array.from(draw(before)) };
      const { events, totals } = countsOf(RANK, quiet, arm(draw(after)));
      const value = signedRootDeviance({
        events: events[0] ?? 0,
        total: totals[0] ?? 0,
        baselineRatio: 0.5,
        baselineTotal: 3 * before,
      });
      if (Math.abs(value) > 1.96) beyond++;
    }
    expect(beyond / 2000).toBeGreaterThan(0.02);
    expect(beyond / 2000).toBeLessThan(0.075);
  });

  it('is one half of whatever buckets the quiet distribution is merged or split into', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 6, maxLength: 6 }),
        fc.subarray([0.05, 0.1, 0.25, 0.5, 1], { minLength: 1 }),
        (counts, kept) => {
          const quiet = { upperBounds: BOUNDS, counts: Float64Array.from(counts) };
          const bounds = Float64Array.of(...kept, Infinity);
          const merged = Array.from(bounds, (end, bucket) =>
            counts.reduce((sum, count, i) => {
              const bound = BOUNDS[i] ?? NaN;
              return bound <= end && bound > (bounds[bucket - 1] ?? -Infinity) ? sum + count : sum;
            }, 0),
          );
          const { events, totals } = countsOf(RANK, quiet, arm(merged, bounds));
          expect((events[0] ?? NaN) / (totals[0] ?? NaN)).toBeCloseTo(0.5, 9);
        },
      ),
      { seed: 3 },
    );
    const quiet = { upperBounds: Float64Array.of(1, Infinity), counts: Float64Array.of(60, 40) };
    expect([...bucketRanks(quiet, Float64Array.of(0.5, 1, 2, Infinity))]).toEqual([0.3, 0.3, 0.8, 0.8]);
  });

  it('is not guessed where a bucket lies across several quiet ones', () => {
    const { events } = countsOf(
      RANK,
      { upperBounds: BOUNDS, counts: Float64Array.of(1, 1, 1, 1, 1, 1) },
      arm([1, 1, 1], Float64Array.of(0.07, 0.3, Infinity)),
    );
    expect(events[0]).toBeNaN();
  });
});

describe('the lines of quantiles', () => {
  it('stand at the bounds nearest to the median and the tail', () => {
    const quiet = { upperBounds: BOUNDS, counts: Float64Array.of(100, 380, 400, 108, 8, 4) };
    expect(quantileLines(quiet, 'up').map(({ threshold }) => threshold)).toEqual([0.1, 0.25, 0.5, 1]);
    expect(quantileLines(quiet, 'down').map(({ threshold }) => threshold)).toEqual([0.1, 0.05]);
  });

  it('are there, at most one a bound, whatever was observed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 6, maxLength: 6 }),
        fc.constantFrom('up' as const, 'down' as const, 'both' as const),
        (counts, direction) => {
          const lines = quantileLines({ upperBounds: BOUNDS, counts: Float64Array.from(counts) }, direction);
          const thresholds = lines.map(({ threshold }) => threshold);
          expect(new Set(thresholds).size).toBe(thresholds.length);
          expect(thresholds.every(Number.isFinite)).toBe(true);
          expect(lines.length > 0).toBe(counts.some((count) => count > 0));
        },
      ),
      { seed: 4 },
    );
  });

  it('count nothing where a bucket with observations holds the bound', () => {
    expect([...weightsAbove(Float64Array.of(1, 2, 3), 2)]).toEqual([0, 0, 1]);
    expect([...weightsAbove(Float64Array.of(1, 2, 3), 1.5)]).toEqual([0, NaN, 1]);
    const line = { kind: 'above', threshold: 1.5, askedShare: 0.5 } as const;
    const quiet = { upperBounds: Float64Array.of(1.5), counts: Float64Array.of(1) };
    const bounds = Float64Array.of(1, 2, 3);
    expect(countsOf(line, quiet, arm([1, 0, 2], bounds)).events[0]).toBe(2);
    expect(countsOf(line, quiet, arm([1, 1, 2], bounds)).events[0]).toBeNaN();
  });
});
