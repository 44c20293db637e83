import { describe, expect, it } from 'vitest';
import { forecastDistance } from './forecast-distance.js';

const VALUES = Float64Array.of(9, 1, 3, 1, 3);

describe('forecastDistance', () => {
  it('lets noise average out, and keeps what is off throughout', () => {
    expect(forecastDistance(VALUES, 1, Float64Array.of(2, 2, 2, 2))).toBe(0);
    expect(forecastDistance(VALUES, 1, Float64Array.of(5, 5, 5, 5))).toBe(3);
  });

  it('leaves out what cannot be compared, and says nothing of less than half', () => {
    expect(forecastDistance(VALUES, 1, Float64Array.of(0, NaN, 0, 0))).toBeCloseTo(5 / 3, 12);
    expect(forecastDistance(VALUES, 1, Float64Array.of(0, NaN, NaN, 0))).toBeNaN();
    expect(forecastDistance(VALUES, 3, Float64Array.of(0, 0, 0, 0))).toBeNaN();
    expect(forecastDistance(VALUES, 1, new Float64Array(0))).toBeNaN();
  });
});
