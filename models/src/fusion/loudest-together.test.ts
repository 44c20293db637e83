import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { joinFamily } from './family.js';
import { loudestTogether } from './loudest-together.js';
import { rankP } from './placebo-rank.js';

interface LoudestCase {
  readonly scores: readonly number[];
  readonly together: number;
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/loudest-together.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly LoudestCase[] };

const PLACEBOS = 300;

/** Share of watches that a family of `metrics` metrics rejects at α = 5 %, its metrics half alike and each raised by `shift`. */
function rejected(metrics: number, shift: number, watches: number): { together: number; alone: number } {
  const random = createRandom(metrics);
  const share = { isCritical: false, groupWeight: 1, weightInGroup: 1, alphaShare: 1 };
  let [together, alone] = [0, 0];
  for (let watch = 0; watch < watches; watch++) {
    const shared = Float64Array.from({ length: PLACEBOS + 1 }, () => random.normal());
    const lines = Array.from({ length: metrics }, () =>
      shared.map((value, index) =>
        Math.exp((value + random.normal()) / 4 + (index === PLACEBOS ? shift : 0)),
      ),
    );
    const members = lines.map((line, index) => ({
      share: { ...share, group: `m${index}` },
      peaks: line.subarray(0, PLACEBOS),
    }));
    const family = joinFamily(false, members, PLACEBOS, 0.05);
    const live = lines.map((line, index) => (line[PLACEBOS] ?? 0) * (family.factors[index] ?? 1));
    const largest = Math.max(...live);
    const peak = Math.max(largest, family.togetherFactor * loudestTogether(live));
    if (rankP(family.rank, peak) <= 0.05) together++;
    if (rankP(family.rank, largest) <= 0.05) alone++;
  }
  return { together: together / watches, alone: alone / watches };
}

describe('loudestTogether', () => {
  it.each(cases)('matches numpy (%#)', ({ scores, together }) => {
    expect(loudestTogether(scores)).toBeCloseTo(together, 10);
  });

  it('knows no order, rises with each score and lies between the largest and the sum', () => {
    const lists = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lists, fc.nat(), fc.double({ min: 0, max: 10, noNaN: true }), (scores, at, more) => {
        const together = loudestTogether(scores);
        expect(loudestTogether(scores.toReversed())).toBe(together);
        expect(together).toBeGreaterThanOrEqual(Math.max(...scores));
        expect(together).toBeLessThanOrEqual(scores.reduce((sum, score) => sum + score, 0) + 1e-9);
        const louder = scores.map((score, index) => (index === at % scores.length ? score + more : score));
        expect(loudestTogether(louder)).toBeGreaterThanOrEqual(together - 1e-9);
      }),
      { seed: 4 },
    );
  });

  it('is nothing without scores', () => {
    expect(loudestTogether([])).toBe(0);
  });
});

describe('a family that hears the loudest together', () => {
  // Binomial(400, 0.05): 20 expected, 38 is more than four standard deviations above.
  it.each([1, 2, 7, 20])('keeps the error rate: %d metrics', (metrics) => {
    expect(rejected(metrics, 0, 400).together).toBeLessThan(38 / 400);
  });

  it('finds several metrics that move a little more often than the loudest of them does', () => {
    const { together, alone } = rejected(4, 0.45, 400);
    expect(together).toBeGreaterThan(alone + 0.03);
  });
});
