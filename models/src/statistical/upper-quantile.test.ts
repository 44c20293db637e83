import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileSorted } from './quantile.js';
import { upperQuantile } from './upper-quantile.js';

fc.configureGlobal({ seed: 20240917 });

const size = fc.oneof(fc.double({ min: 0, noNaN: true }), fc.constantFrom(0, 1, 2));

describe('upperQuantile', () => {
  it('is quantileSorted to the bit, whatever the order, with small values left out once they cannot matter', () => {
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p) => {
          const all = upperQuantile(p, values.length);
          const few = upperQuantile(p, values.length);
          for (const value of values) {
            all.add(value);
            few.add(value <= few.least() ? 0 : value);
          }
          const expected = quantileSorted(Float64Array.from(values).sort(), p);
          expect(all.value()).toBe(expected);
          expect(few.value()).toBe(expected);
        },
      ),
    );
  });

  it('is not a number of no values', () => {
    expect(upperQuantile(0.95, 0).value()).toBeNaN();
  });
});
