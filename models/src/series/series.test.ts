import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterIncreases } from './counter-increases.js';
import { intervalMeans } from './interval-means.js';

const grid = { startMs: 1000, intervalMs: 10, count: 4 };

describe('intervalMeans', () => {
  it('averages what lies inside and leaves empty intervals NaN', () => {
    expect([...intervalMeans(grid, [999, 1000, 1009.9, 1020, 1040], [100, 1, 3, 7, 100])]).toEqual([
      2,
      NaN,
      7,
      NaN,
    ]);
  });
  it('ignores samples that are not finite', () => {
    expect(intervalMeans(grid, [1001, 1002], [NaN, 4])[0]).toBe(4);
  });
});

describe('counterIncreases', () => {
  it('shares an increase over the boundary that it straddles', () => {
    expect([...counterIncreases(grid, [1005, 1015, 1025], [0, 10, 30], 100)]).toEqual([5, 15, 10, NaN]);
  });
  it('heals a reset: the new value counts from zero', () => {
    expect([...counterIncreases({ ...grid, count: 2 }, [1000, 1010, 1020], [50, 60, 4], 100)]).toEqual([
      10, 4,
    ]);
  });
  it('says nothing about a gap that is too long', () => {
    expect([...counterIncreases(grid, [1000, 1040], [0, 40], 30)]).toEqual([NaN, NaN, NaN, NaN]);
  });
  it('conserves the total increase, wherever the samples fall', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 100 })), {
          minLength: 2,
          maxLength: 20,
        }),
        (steps) => {
          const times = [1000];
          const values = [0];
          for (const [dt, dv] of steps) {
            times.push((times.at(-1) ?? 0) + dt);
            values.push((values.at(-1) ?? 0) + dv);
          }
          const increases = counterIncreases(
            { startMs: 1000, intervalMs: 1, count: 200 },
            times,
            values,
            1000,
          );
          const total = increases.reduce((sum, x) => sum + (Number.isNaN(x) ? 0 : x), 0);
          expect(total).toBeCloseTo(values.at(-1) ?? 0, 6);
        },
      ),
    );
  });
  it('is blind to a constant offset of the counter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (offset) => {
        const values = [3, 5, 11, 20];
        const times = [1000, 1012, 1021, 1039];
        const shifted = counterIncreases(
          grid,
          times,
          values.map((v) => v + offset),
          100,
        );
        counterIncreases(grid, times, values, 100).forEach((x, k) => expect(shifted[k]).toBeCloseTo(x, 6));
      }),
    );
  });
});
