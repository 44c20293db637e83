import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanCounts } from './clean-counts.js';
import { cleanGauge } from './clean-gauge.js';
import { movingAverage } from './moving-average.js';
import { between, prefixSums } from './prefix-sums.js';
import { fitTransform, forward, inverse } from './transform.js';

describe('fitTransform', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 40 });

  it('can be read back and keeps order', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1e6, noNaN: true }), (history, value) => {
        const transform = fitTransform(cleanGauge(Float64Array.from(history)), 1);
        if (transform === undefined) throw new Error('the history holds values');
        const size = Math.max(1, ...history.map(Math.abs), value);
        expect(Math.abs(inverse(transform, forward(transform, value)) - value)).toBeLessThan(1e-6 * size);
        expect(forward(transform, value + 0.01 * size)).toBeGreaterThan(forward(transform, value));
      }),
      { seed: 2 },
    );
  });

  it('makes a metric that was zero throughout measurable', () => {
    const transform = fitTransform(new Float64Array(10), 5);
    expect(transform).toEqual({ kind: 'log', offset: 5 });
  });

  it('has nothing to say without a value', () => {
    expect(fitTransform(Float64Array.of(NaN, NaN), 1)).toBeUndefined();
  });
});

describe('movingAverage', () => {
  it('equals the mean of what the neighbourhood holds', () => {
    const line = Float64Array.of(1, NaN, 3, 4, NaN, NaN, NaN, 8);
    expect([...movingAverage(line, 1)]).toEqual([NaN, 2, 3.5, 3.5, NaN, NaN, NaN, NaN]);
  });
});

describe('prefixSums', () => {
  it('sums any stretch, gaps as 0', () => {
    const sums = prefixSums(Float64Array.of(1, NaN, 3, 4), (value) => 2 * value);
    expect(between(sums, 0, 4)).toBe(16);
    expect(between(sums, 1, 3)).toBe(6);
  });
});

describe('cleaning', () => {
  it('blanks what no metric can mean', () => {
    expect([...cleanGauge(Float64Array.of(1, Infinity, -1e200, 1e-300, NaN))]).toEqual([1, NaN, NaN, 0, NaN]);
  });

  it('blanks an interval when either count is unusable', () => {
    const { events, totals } = cleanCounts({
      events: Float64Array.of(1, -1, 2, NaN),
      totals: Float64Array.of(10, 10, Infinity, 10),
    });
    expect([...events]).toEqual([1, NaN, NaN, NaN]);
    expect([...totals]).toEqual([10, NaN, NaN, NaN]);
  });
});
