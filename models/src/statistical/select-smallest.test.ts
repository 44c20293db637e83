import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectSmallest } from './select-smallest.js';

fc.configureGlobal({ seed: 20240917 });

describe('selectSmallest', () => {
  const values = fc.oneof(
    fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 40 }),
    fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 40 }),
  );

  it('finds what sorting finds, for every order, and splits the rest around it', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const sorted = Float64Array.from(sample).sort();
        for (let order = 0; order < sample.length; order += 1) {
          const work = Float64Array.from(sample);
          const found = selectSmallest(work, order);
          expect(found === sorted[order]).toBe(true);
          expect(work.subarray(0, order).every((value) => value <= found)).toBe(true);
          expect(work.subarray(order).every((value) => value >= found)).toBe(true);
        }
      }),
    );
  });

  it('does not slow down on sorted or constant input', () => {
    const size = 200_000;
    for (const shape of [(i: number) => i, (i: number) => -i, () => 4]) {
      const work = Float64Array.from({ length: size }, (_, i) => shape(i));
      const sorted = Float64Array.from(work).sort();
      expect(selectSmallest(work, size >> 1)).toBe(sorted[size >> 1]);
    }
  });
});
