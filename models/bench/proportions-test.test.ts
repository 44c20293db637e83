import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../src/index.js';
import { proportionsTest, type Proportion } from './proportions-test.js';

const reference = JSON.parse(
  readFileSync(new URL('../../fixtures/reference/proportions-test.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly { readonly a: Proportion; readonly b: Proportion; readonly p: number }[] };

describe('proportionsTest', () => {
  it.each(reference.cases)('matches scipy (p = $p)', ({ a, b, p }) => {
    expect(Math.abs(proportionsTest(a, b) / p - 1)).toBeLessThan(1e-9);
    expect(proportionsTest(b, a)).toBeCloseTo(p, 12);
  });

  it('says nothing where nothing was counted', () => {
    expect(proportionsTest({ events: 0, total: 0 }, { events: 1, total: 9 })).toBe(1);
    expect(proportionsTest({ events: 0, total: 9 }, { events: 0, total: 9 })).toBe(1);
    expect(proportionsTest({ events: 9, total: 9 }, { events: 9, total: 9 })).toBe(1);
  });

  it.each([
    [3000, 3000],
    [1000, 10_000],
    [500, 20_000],
  ])('rejects a true null at about its nominal rate at %d/%d', (n, m) => {
    const random = createRandom(3);
    const rounds = 4000;
    let rejected = 0;
    for (let round = 0; round < rounds; round++) {
      const arm = (total: number): Proportion => ({ events: random.poisson(0.02 * total), total });
      if (proportionsTest(arm(n), arm(m)) < 0.05) rejected++;
    }
    // 5 % is 200 with a standard deviation of 14; at 10 expected events the normal approximation itself is off by 1 %.
    expect(rejected).toBeGreaterThan(120);
    expect(rejected).toBeLessThan(280);
  });
});
