import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../src/index.js';
import { clusteredInterval, clusteredRate, type Cluster } from './clustered-rate.js';

interface Case {
  readonly clusters: readonly Cluster[];
  readonly tail: number;
  readonly standardError: number;
  readonly effective: number;
  readonly low: number;
  readonly high: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../fixtures/reference/clustered-rate.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

describe('clusteredRate', () => {
  it.each(reference.cases)(
    'matches numpy and scipy at tail $tail',
    ({ clusters, tail, standardError, effective, low, high }) => {
      const rate = clusteredRate(clusters);
      expect(rate.standardError).toBeCloseTo(standardError, 12);
      expect(rate.effective).toBeCloseTo(effective, 8);
      const interval = clusteredInterval(rate, tail);
      expect(interval.low).toBeCloseTo(low, 10);
      expect(interval.high).toBeCloseTo(high, 10);
    },
  );

  it('needs a trial', () => {
    expect(() => clusteredRate([{ hits: 0, of: 0 }])).toThrow('at least one trial');
  });

  it('depends on neither the order of clusters nor their names, and keeps the share within its interval', () => {
    const cluster = fc
      .integer({ min: 1, max: 9 })
      .chain((of) => fc.integer({ min: 0, max: of }).map((hits): Cluster => ({ hits, of })));
    fc.assert(
      fc.property(fc.array(cluster, { minLength: 1, maxLength: 30 }), (clusters) => {
        const rate = clusteredRate(clusters);
        const turned = clusteredRate(clusters.toReversed());
        expect(turned.standardError).toBeCloseTo(rate.standardError, 12);
        const { low, high } = clusteredInterval(rate, 0.025);
        expect(low).toBeLessThanOrEqual(rate.share);
        expect(high).toBeGreaterThanOrEqual(rate.share);
      }),
      { seed: 1 },
    );
  });

  // The lower end lies above the truth too often where clustering is ignored, and about as often as stated where it is not.
  it.each([
    [30, 8],
    [100, 4],
    [60, 1],
  ])('covers the truth from below with %d clusters of %d', (clusters, size) => {
    const random = createRandom(7);
    const truth = 0.05;
    let [above, naiveAbove] = [0, 0];
    const rounds = 1000;
    for (let round = 0; round < rounds; round++) {
      // In a quarter of the pasts the rate is four times the truth, in the others 0.
      const drawn = Array.from({ length: clusters }, (): Cluster => {
        const own = random.uniform() < 0.25 ? 4 * truth : 0;
        let hits = 0;
        for (let trial = 0; trial < size; trial++) if (random.uniform() < own) hits++;
        return { hits, of: size };
      });
      const rate = clusteredRate(drawn);
      if (clusteredInterval(rate, 0.05).low > truth) above++;
      if (clusteredInterval({ ...rate, effective: rate.of }, 0.05).low > truth) naiveAbove++;
    }
    // 5 % of 1,000 is 50; 79 is more than four standard errors above.
    expect(above).toBeLessThan(79);
    expect(above).toBeLessThanOrEqual(naiveAbove);
  });
});
