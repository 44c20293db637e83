import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { passageTimes } from './first-passage.js';
import type { Trend } from './trend.js';

interface Case {
  readonly now: number;
  readonly slope: number;
  readonly correlation: number;
  readonly noise: number;
  readonly limit: number;
  readonly forLooks: number;
  readonly lastDeviation: number;
  readonly quantiles: readonly (readonly [share: number, steps: number])[];
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/first-passage.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

/** A trend that is known for certain: only its noise is still to come. */
function certain({ now, slope, correlation, noise, lastDeviation }: Case): Trend {
  return {
    centre: 0,
    level: now,
    slope,
    levelVariance: 0,
    slopeVariance: 0,
    correlation,
    noise,
    freedom: 1e9,
    length: 1,
    lastDeviation,
  };
}

describe('passageTimes', () => {
  it.each(reference.cases)('matches paths that were simulated step by step (%#)', (one) => {
    const barrier = { value: one.limit, side: 'above' as const, forLooks: one.forLooks, runNow: 0 };
    const times = passageTimes(certain(one), barrier, 600, 4000, createRandom(5));
    for (const [share, steps] of one.quantiles) {
      const found = times[Math.ceil(share * times.length) - 1] ?? NaN;
      expect(Math.abs(found - steps)).toBeLessThanOrEqual(Math.max(1, 0.03 * steps));
    }
  });

  it('is the same below as above, mirrored', () => {
    const [one] = reference.cases;
    if (one === undefined) throw new Error('the reference holds no case');
    const up = passageTimes(
      certain(one),
      { value: 20, side: 'above', forLooks: 1, runNow: 0 },
      100,
      500,
      createRandom(2),
    );
    const down = passageTimes(
      { ...certain(one), slope: -one.slope },
      { value: -20, side: 'below', forLooks: 1, runNow: 0 },
      100,
      500,
      createRandom(3),
    );
    expect(Math.abs((up[250] ?? 0) - (down[250] ?? 0))).toBeLessThanOrEqual(1);
  });

  it('never arrives on a line that leads away, and not beyond the farthest step', () => {
    const [one] = reference.cases;
    if (one === undefined) throw new Error('the reference holds no case');
    const barrier = { value: 20, side: 'above' as const, forLooks: 1, runNow: 0 };
    const away = passageTimes({ ...certain(one), slope: -1 }, barrier, 1000, 50, createRandom(1));
    expect(away.every((time) => time === Infinity)).toBe(true);
    const near = passageTimes(certain(one), barrier, 10, 50, createRandom(1));
    expect(near.every((time) => time === Infinity)).toBe(true);
  });
});
