import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arm, BurnRate } from '../contract.js';
import { passedBurnRate } from './burn-rate.js';
import { testRule } from './test-watch.js';

/** The workbook's two pages for an objective of 99.9 %, at one interval a minute. */
const PAGE: BurnRate = {
  objective: 0.999,
  windows: [
    { limit: 14.4, longLooks: 60, shortLooks: 5 },
    { limit: 6, longLooks: 360, shortLooks: 30 },
  ],
  fewestEvents: 10,
};
const rule = (change: Partial<BurnRate> = {}, warmupLooks = 0) =>
  testRule({ name: 'errors', shape: 'ratio', warmupLooks, burnRate: { ...PAGE, ...change } });
const counts = (ratios: readonly number[], requests = 10_000): Arm => ({
  shape: 'ratio',
  events: Float64Array.from(ratios, (ratio) => Math.round(ratio * requests)),
  totals: Float64Array.from(ratios, (ratio) => (Number.isNaN(ratio) ? NaN : requests)),
});
const steady = (ratio: number, looks: number): Arm => counts(new Array<number>(looks).fill(ratio));
/** First look at which the rail is passed; undefined when it never is. */
function firstLook(arm: Arm, looks: number, of = rule()): number | undefined {
  for (let look = 1; look <= looks; look++) if (passedBurnRate(of, arm, look) !== undefined) return look;
  return undefined;
}

describe('passedBurnRate', () => {
  // Detection time of the workbook (chapter 5): burn rate × window × (1 − objective) / error ratio, rounded up to whole minutes.
  it.each([
    [1, 1],
    [0.1, 9],
    [0.05, 18],
    [0.02, 44],
    // Slower than 14.4 times for an hour, so the second window finds it: 6 × 360 × 0.001 / 0.0125 = 172.8.
    [0.0125, 173],
    [0.006, undefined],
    [0.001, undefined],
    [0, undefined],
  ])('finds an error ratio of %d at look %s, as the workbook says', (ratio, look) => {
    expect(firstLook(steady(ratio, 400), 400)).toBe(look);
  });

  it('says what burns, how fast and over which windows', () => {
    expect(passedBurnRate(rule(), steady(0.1, 20), 20)).toEqual({
      code: 'burn-rate-passed',
      metric: 'errors',
      text: 'errors burns its error budget (objective 99.9 %) 15 times as fast as it may, over 60 intervals and still over the last 5; the limit is 14.4 times.',
    });
  });

  it('stays passed, and reads nothing behind the look', () => {
    const burst = counts([...new Array<number>(10).fill(0.3), ...new Array<number>(90).fill(0)]);
    expect(firstLook(burst, 100)).toBe(3);
    expect(passedBurnRate(rule(), burst, 100)).toEqual(passedBurnRate(rule(), burst, 3));
  });

  it('leaves alone what is over before the long window is full', () => {
    // 2 % for 40 minutes burns 13.3 times over the hour; the short window has long been quiet when a last spike comes.
    const ended = counts([
      ...new Array<number>(40).fill(0.02),
      ...new Array<number>(10).fill(0),
      0.06,
      ...new Array<number>(9).fill(0),
    ]);
    expect(firstLook(ended, 60)).toBeUndefined();
  });

  it('needs a number of events, requests and a metric that decides; warm-up is not counted', () => {
    const few = counts([1, 0, 0, 0, 0], 5);
    expect(firstLook(few, 5)).toBeUndefined();
    expect(firstLook(few, 5, rule({ fewestEvents: 1 }))).toBe(1);
    expect(passedBurnRate(rule(), counts([NaN, NaN, NaN]), 3)).toBeUndefined();
    expect(passedBurnRate(rule(), counts([0, 0], 0), 2)).toBeUndefined();
    expect(passedBurnRate({ ...rule(), criticality: 'advisory' }, steady(1, 5), 5)).toBeUndefined();
    expect(passedBurnRate(rule(), { shape: 'gauge', values: Float64Array.of(9) }, 1)).toBeUndefined();
    expect(firstLook(counts([1, 1, 0, 0, 0, 0]), 6, rule({}, 2))).toBeUndefined();
  });

  it('never finds less when there are more events', () => {
    const ratio = fc.double({ min: 0, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 1, maxLength: 80 }), ratio, (ratios, more) => {
        const worse = ratios.map((one) => Math.min(1, one + more));
        const found = firstLook(counts(ratios), ratios.length);
        const foundWorse = firstLook(counts(worse), ratios.length);
        if (found !== undefined) expect(foundWorse).toBeLessThanOrEqual(found);
      }),
      { seed: 5 },
    );
  });
});
