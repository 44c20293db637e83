import { describe, expect, it } from 'vitest';
import { noisyGauge, testWatch } from '../verdict/test-watch.js';
import { calibrate } from './calibrate.js';
import { historyForPlacebos, neededPlacebos, possiblePlacebos } from './placebo-reach.js';

/** Where there is one. */
const shortest = (watch: typeof DEFAULTS): number => historyForPlacebos(watch) ?? NaN;

const DEFAULTS = { intervalMs: 60_000, plannedLooks: 30, alpha: 0.05 };

describe('historyForPlacebos', () => {
  it('is about half a day at the defaults, and the history that it names is the shortest', () => {
    const looks = shortest(DEFAULTS);
    expect(looks / 60).toBeGreaterThan(9);
    expect(looks / 60).toBeLessThan(13);
    expect(possiblePlacebos(DEFAULTS, looks)).toBeGreaterThanOrEqual(neededPlacebos(0.05));
    expect(possiblePlacebos(DEFAULTS, looks - 1)).toBeLessThan(neededPlacebos(0.05));
  });

  it('grows with a smaller α and with a longer watch', () => {
    expect(shortest({ ...DEFAULTS, alpha: 0.01 })).toBeGreaterThan(4 * shortest(DEFAULTS));
    expect(shortest({ ...DEFAULTS, plannedLooks: 60 })).toBeGreaterThan(1.5 * shortest(DEFAULTS));
  });

  it('is nowhere for an error rate that no number of replays reaches', () => {
    expect(historyForPlacebos({ ...DEFAULTS, alpha: 0.001 })).toBeUndefined();
  });

  it.each([
    [1.5, 'placebo'],
    [0.9, 'sequential'],
  ])('agrees with the engine: %d times as much history gives %s', (times, guarantee) => {
    const looks = Math.floor(times * shortest({ ...DEFAULTS, plannedLooks: 20 }));
    const { snapshot } = testWatch([{ treatment: noisyGauge(3, 1, looks) }], {}, looks);
    expect(calibrate(snapshot).summary.guarantee).toBe(guarantee);
  });
});
