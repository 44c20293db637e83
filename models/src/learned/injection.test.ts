import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { drawHarm, drawHarmless, HARMLESS, HARMS, inject } from './injection.js';
import { siteNoise } from './site-noise.js';

const quiet = new Float64Array(60).fill(10);
const site = { quiet, level: 10, noise: 2, sign: 1 } as const;
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('inject', () => {
  it.each(HARMS.filter((harm) => harm !== 'missing-data'))(
    '%s moves up where up harms, down where down harms',
    (harm) => {
      const noisy = quiet.map((value, index) => value + Math.sin(index));
      const moved = (sign: 1 | -1): number => {
        const random = createRandom(3);
        const all = Array.from({ length: 40 }, () =>
          mean(inject(harm, { ...site, quiet: noisy, sign }, 5, random)),
        );
        return mean(Float64Array.from(all)) - mean(noisy);
      };
      expect(moved(1)).toBeGreaterThan(0.2);
      expect(moved(-1)).toBeLessThan(-0.2);
    },
  );

  it.each([...HARMS, ...HARMLESS])('%s leaves its input alone and follows the seed', (kind) => {
    const before = quiet.slice();
    const first = inject(kind, site, 3, createRandom(1));
    expect(inject(kind, site, 3, createRandom(1))).toEqual(first);
    expect(quiet).toEqual(before);
    expect(first).toHaveLength(quiet.length);
  });

  it('improvement moves the other way, warm-up passes', () => {
    expect(mean(inject('improvement', site, 3, createRandom(1)))).toBeLessThan(6);
    const warm = inject('warm-up', site, 3, createRandom(1));
    expect(warm[0]).toBe(16);
    expect(warm[20]).toBeCloseTo(10, 3);
  });

  it('draws every kind', () => {
    const random = createRandom(2);
    const drawn = Array.from({ length: 500 }, () => [drawHarm(random), drawHarmless(random)] as const);
    expect(new Set(drawn.map(([harm]) => harm))).toEqual(new Set(HARMS));
    expect(new Set(drawn.map(([, harmless]) => harmless))).toEqual(new Set(HARMLESS));
  });
});

describe('siteNoise', () => {
  it.each([
    ['constant', new Float64Array(60).fill(40), 2, 2],
    ['zero', new Float64Array(60), 1, 1],
    ['empty', new Float64Array(0), 1, 1],
    ['rarely moving', new Float64Array(60).fill(5).fill(65, 0, 3), 0.2, 4],
    ['alternating', new Float64Array(60).map((_, index) => index % 2), 0.5, 1.5],
  ])('of a %s series is positive and of its size', (_, values, low, high) => {
    const noise = siteNoise(values, createRandom(4));
    expect(noise).toBeGreaterThanOrEqual(low);
    expect(noise).toBeLessThanOrEqual(high);
  });
});
