import { describe, expect, it } from 'vitest';
import { lookbackMs } from './lookback.js';

const MINUTE_MS = 60_000;

describe('how far back a PromQL expression reads', () => {
  it.each([
    ['up', 0],
    ['rate(x{a="b[1h]"}[5m])', 5],
    ['rate(x[1h30m])', 90],
    ['rate(x[90000ms])', 1.5],
    ['rate(x[300])', 5],
    ['sum(rate(a[1m])) / sum(rate(b[10m] offset 5m))', 15],
    ['max_over_time(rate(x[5m])[10m:1m])', 15],
    ['max_over_time(rate(x[5m])[10m:1m] offset 1h)', 75],
    ['histogram_quantile(0.99, sum by (le) (rate(x_bucket[2m] # [1d]\n)))', 2],
  ])('%s: %d min', (query, minutes) => {
    expect(lookbackMs(query)).toBe(minutes * MINUTE_MS);
  });

  it('never looks into the future', () => {
    expect(lookbackMs('x offset -5m')).toBe(0);
  });

  it('reads what it can of an expression with a mistake', () => {
    expect(lookbackMs('sum(rate(x[5m])')).toBe(5 * MINUTE_MS);
    expect(lookbackMs('')).toBe(0);
  });
});
