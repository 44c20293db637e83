import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onsetsOf } from './onsets.js';

describe('the onsets that a watch is asked about', () => {
  it('are the end of the warm-up and Fibonacci distances from it', () => {
    expect(onsetsOf(3, 20).map(({ from }) => from)).toEqual([3, 4, 5, 6, 8, 11, 16]);
    expect(onsetsOf(0, 1).map(({ from }) => from)).toEqual([0]);
  });

  it('share out at most all attention, half of it to the change, whatever the length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 100_000 }), (warmup, look) => {
        const onsets = onsetsOf(warmup, look);
        const weights = onsets.map(({ weight }) => weight);
        expect(weights[0]).toBe(0.5);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThan(1);
        expect(weights.every((weight) => weight > 0)).toBe(true);
        expect(onsets.slice(1).every(({ from }) => from < look)).toBe(true);
      }),
    );
  });

  it('keep their weight as the watch goes on, so that evidence adds up', () => {
    const [early, late] = [onsetsOf(2, 30), onsetsOf(2, 300)];
    expect(late.slice(0, early.length)).toEqual(early);
  });
});
