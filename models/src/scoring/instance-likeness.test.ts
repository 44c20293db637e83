import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { instanceLikeness } from './instance-likeness.js';

describe('how alike instances are', () => {
  it('is the root of the mean of the typical square, worth four metrics, and the square of the median distance', () => {
    // Median 0.2 of five; 0.2 / 0.67449 squared is 0.08793.
    expect(instanceLikeness([0.1, -0.2, 0.3, 0.1, 9])).toBeCloseTo(Math.sqrt((4 + 5 * 0.087927) / 9), 5);
    expect(instanceLikeness([])).toBe(1);
  });

  it('hardly knows of one metric that is harmed', () => {
    const alike = [0.1, 0.05, -0.1, 0.15, 0.1, -0.05, 0.1];
    expect(instanceLikeness([...alike, 40])).toBeLessThan(1.05 * instanceLikeness([...alike, 0.1]));
  });

  it('is 1 within 10 % for instances that differ as is typical: 2000 watches of 11 metrics', () => {
    const random = createRandom(4);
    let sum = 0;
    for (let watch = 0; watch < 2000; watch++)
      sum += instanceLikeness(Array.from({ length: 11 }, () => random.normal()));
    expect(sum / 2000).toBeGreaterThan(0.9);
  });

  it('never excuses more than is typical, has no sign and no order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })), (distances) => {
        const likeness = instanceLikeness(distances);
        expect(likeness).toBeGreaterThan(0);
        expect(likeness).toBeLessThanOrEqual(1);
        expect(instanceLikeness(distances.toReversed().map((distance) => -distance))).toBe(likeness);
      }),
    );
  });
});
