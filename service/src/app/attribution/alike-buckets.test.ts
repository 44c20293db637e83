import { describe, expect, it } from 'vitest';
import { alikeBuckets } from './alike-buckets.js';
import { armValues } from './arm-values.js';

const histogram = (bounds: readonly number[], counts: readonly number[]) => ({
  shape: 'histogram' as const,
  upperBounds: Float64Array.from(bounds),
  counts: counts.map((count) => Float64Array.of(count)),
});

describe('histograms with different buckets', () => {
  const history = histogram([1, 4, Infinity], [10, 10, 0]);
  const finer = histogram([1, 2, 3, 4, Infinity], [10, 10, 0, 0, 0]);

  it('have the same mean where nothing moved', () => {
    expect(armValues(finer)[0]).not.toBeCloseTo(armValues(history)[0] ?? NaN);
    const alike = alikeBuckets([history, undefined, finer]);
    expect(armValues(alike(finer))[0]).toBeCloseTo(armValues(alike(history))[0] ?? NaN);
  });

  it('are left alone by one that was never read, and leave other shapes alone', () => {
    const unread = histogram([Infinity], [NaN]);
    const alike = alikeBuckets([history, unread]);
    expect(armValues(alike(history))).toEqual(armValues(history));
    expect(armValues(alike(unread))).toEqual(Float64Array.of(NaN));
    const gauge = { shape: 'gauge' as const, values: Float64Array.of(1, 2) };
    expect(alike(gauge)).toBe(gauge);
    expect(alikeBuckets([gauge])(history)).toBe(history);
  });
});
