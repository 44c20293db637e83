import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandPath, gapRanges, linePath, thinPoints } from './line-path.js';

const xs = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('linePath', () => {
  it('leaves holes at gaps and draws a lone point as a dot', () => {
    expect(linePath({ xs: xs(7), ys: [1, 2, null, 4, null, 6, 7] })).toBe('M0 1l1 1M3 4h0M5 6l1 1');
    expect(linePath({ xs: [], ys: [] })).toBe('');
  });
});

describe('bandPath', () => {
  it('is cut wherever an edge is missing', () => {
    expect(bandPath(xs(4), [1, 1, null, 1], [2, 2, 2, 2])).toBe('M0 2l1 0L1 1l-1 0zM3 2L3 1z');
  });
});

describe('gapRanges', () => {
  it('finds runs of missing values, at the ends too', () => {
    expect(gapRanges([null, 1, null, null, 2, null])).toEqual([
      [0, 1],
      [2, 4],
      [5, 6],
    ]);
    expect(gapRanges([1])).toEqual([]);
  });
});

describe('thinPoints', () => {
  it('leaves alone what fits', () => {
    const points = { xs: xs(5), ys: [1, null, 3, 4, 5] };
    expect(thinPoints(points, 5)).toBe(points);
  });

  it('loses neither the highest nor the lowest value of the whole, nor the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer(), { nil: null }), { minLength: 21, maxLength: 300 }),
        (ys) => {
          const thin = thinPoints({ xs: xs(ys.length), ys }, 20);
          const known = ys.filter((y) => y !== null);
          const kept = thin.ys.filter((y) => y !== null);
          expect(thin.xs.length).toBeLessThanOrEqual(40);
          expect(thin.xs).toEqual(thin.xs.toSorted((a, b) => a - b));
          expect(Math.max(...kept)).toBe(Math.max(...known));
          expect(Math.min(...kept)).toBe(Math.min(...known));
        },
      ),
    );
  });

  it('keeps a wide gap', () => {
    const ys = xs(1000).map((index) => (index >= 300 && index < 600 ? null : 1));
    expect(linePath(thinPoints({ xs: xs(1000), ys }, 100)).match(/M/g)).toHaveLength(2);
  });
});
