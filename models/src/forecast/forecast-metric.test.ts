import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricRule } from '../contract.js';
import { createRandom, type RandomSource } from '../statistical/random.js';
import { testRule } from '../verdict/test-watch.js';
import { forecastMetric } from './forecast-metric.js';

const saturation = (rule: Partial<MetricRule> = {}): MetricRule =>
  testRule({ kind: 'saturation', name: 'memory', unit: 'B', ceiling: 100, ...rule });

/** A line with first-order autoregressive noise. */
function ramp(
  random: RandomSource,
  length: number,
  { level = 50, slope = 0.5, correlation = 0, noise = 1 } = {},
): Float64Array {
  let deviation = random.normal();
  return Float64Array.from({ length }, (_, index) => {
    if (index > 0) deviation = correlation * deviation + Math.sqrt(1 - correlation ** 2) * random.normal();
    return level + slope * index + noise * deviation;
  });
}

describe('forecastMetric', () => {
  it('says when a leak reaches its ceiling, with an interval around it', () => {
    const values = ramp(createRandom(1), 40);
    const forecast = forecastMetric({ rule: saturation(), values, from: 0 });
    expect(forecast?.limit).toEqual({ kind: 'ceiling', value: 100, side: 'above' });
    // The line is at 69.5 now and gains 0.5 an interval: 61 to go.
    expect(forecast?.inLooks).toBeGreaterThan(45);
    expect(forecast?.inLooks).toBeLessThan(70);
    expect(forecast?.earliestInLooks).toBeLessThan(forecast?.inLooks ?? 0);
    expect(forecast?.latestInLooks).toBeGreaterThan(forecast?.inLooks ?? Infinity);
  });

  it.each([
    { correlation: 0, length: 15, noise: 1 },
    { correlation: 0.5, length: 30, noise: 1 },
    { correlation: 0.5, length: 60, noise: 3 },
    { correlation: 0.8, length: 60, noise: 1 },
  ])('its 90 % interval holds the breach in 85 to 95 % of futures (%o)', ({ correlation, length, noise }) => {
    const random = createRandom(20 + length);
    const trials = 300;
    let given = 0;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const line = ramp(random, 1200, { correlation, noise, slope: 0.4 });
      const breach = line.findIndex((value, index) => index >= length && value > 100) - length + 1;
      const forecast = forecastMetric({ rule: saturation(), values: line.slice(0, length), from: 0 });
      if (forecast === undefined) continue;
      given++;
      if (breach >= forecast.earliestInLooks && breach <= (forecast.latestInLooks ?? Infinity)) held++;
    }
    expect(given).toBeGreaterThan(0.7 * trials);
    // Nominal 0.9 within 0.85 … 0.95, and two standard errors of the simulation.
    expect(held / given).toBeGreaterThan(0.85 - 2 * 0.0173);
    expect(held / given).toBeLessThan(0.95 + 2 * 0.0173);
  });

  it('promises no breach where nothing rises, at several sizes', () => {
    const random = createRandom(7);
    for (const length of [8, 30, 120]) {
      let promised = 0;
      for (let trial = 0; trial < 100; trial++) {
        const values = ramp(random, length, { slope: 0, level: 95, noise: 1, correlation: 0.5 });
        if (forecastMetric({ rule: saturation(), values, from: 0 }) !== undefined) promised++;
      }
      // One side of a 90 % interval: 5 of 100, some more while the autocorrelation is hardly known.
      expect(promised).toBeLessThanOrEqual(20);
    }
  });

  it('counts the run that a guard-rail asks for', () => {
    const values = ramp(createRandom(4), 30, { noise: 0.001 });
    const rail = (forLooks: number) =>
      forecastMetric({
        rule: testRule({ guardRail: { above: 80.2, forLooks } }),
        values,
        from: 0,
      });
    // 50 + 0.5 · index passes 80.2 at index 61, 32 intervals after the newest.
    expect(rail(1)?.inLooks).toBe(32);
    expect(rail(4)?.inLooks).toBe(35);
    expect(rail(1)?.limit.kind).toBe('guard-rail');
  });

  it('looks the other way for what must not fall', () => {
    const values = ramp(createRandom(5), 30, { slope: -0.5, noise: 0.01 });
    const rule = testRule({ direction: 'down', guardRail: { below: 19.8, forLooks: 1 } });
    expect(forecastMetric({ rule, values, from: 0 })?.inLooks).toBe(32);
    const up = testRule({ guardRail: { above: 90, forLooks: 1 } });
    expect(forecastMetric({ rule: up, values, from: 0 })).toBeUndefined();
  });

  it('knows that nothing is fuller than full', () => {
    const values = ramp(createRandom(6), 20, { level: 60, slope: 1, noise: 0.1 });
    const rule = testRule({ kind: 'saturation', unit: '%' });
    expect(forecastMetric({ rule, values, from: 0 })?.limit.value).toBe(100);
    expect(forecastMetric({ rule: testRule({ unit: '%' }), values, from: 0 })).toBeUndefined();
  });

  it('says when an error budget burns too fast although the ratio only stays where it is', () => {
    const rule = testRule({
      kind: 'error',
      shape: 'ratio',
      unit: 'ratio',
      burnRate: {
        objective: 0.999,
        windows: [{ limit: 14.4, longLooks: 60, shortLooks: 5 }],
        fewestEvents: 10,
      },
    });
    const values = new Float64Array(15).fill(0.04);
    const totals = new Float64Array(15).fill(1000);
    const forecast = forecastMetric({ rule, values, totals, from: 0 });
    // 0.0144 on average over 60 intervals is 21.6 intervals at 0.04: more than that are needed, 15 are over.
    expect(forecast?.limit).toMatchObject({ kind: 'burn-rate', side: 'above' });
    expect(forecast?.limit.value).toBeCloseTo(0.0144, 12);
    expect(forecast?.inLooks).toBe(7);
    const calm = forecastMetric({ rule, values: values.map(() => 0.01), totals, from: 0 });
    expect(calm).toBeUndefined();
  });

  it('gives finite whole numbers in order, or nothing, for any values', () => {
    const wild = fc.oneof(
      fc.double({ min: -1e6, max: 1e6 }),
      fc.constantFrom(NaN, 0, 0, 50, 50, Infinity, -Infinity),
    );
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 40 }), fc.nat({ max: 45 }), (drawn, from) => {
        const rule = saturation({ guardRail: { above: 80, below: -5, forLooks: 2 } });
        const forecast = forecastMetric({ rule, values: Float64Array.from(drawn), from });
        if (forecast === undefined) return;
        const { earliestInLooks, inLooks, latestInLooks = Infinity } = forecast;
        expect(Number.isSafeInteger(inLooks)).toBe(true);
        expect(earliestInLooks).toBeGreaterThanOrEqual(1);
        expect(earliestInLooks).toBeLessThanOrEqual(inLooks);
        expect(inLooks).toBeLessThanOrEqual(latestInLooks);
      }),
      { seed: 9, numRuns: 60 },
    );
  });

  it('says the same of the same values', () => {
    const values = ramp(createRandom(8), 25);
    const once = forecastMetric({ rule: saturation(), values, from: 3 });
    expect(forecastMetric({ rule: saturation(), values: values.slice(), from: 3 })).toEqual(once);
  });
});
