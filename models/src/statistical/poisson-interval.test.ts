import { describe, expect, it } from 'vitest';
import { poissonInterval } from './poisson-interval.js';

/** P(N ≤ events) of a Poisson count, summed. */
function atMost(events: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let count = 1; count <= events; count++) {
    term *= mean / count;
    sum += term;
  }
  return sum;
}

describe('poissonInterval', () => {
  it('is −ln(error / 2) at zero events', () => {
    expect(poissonInterval(0, 0.05).low).toBe(0);
    expect(poissonInterval(0, 0.05).high).toBeCloseTo(-Math.log(0.025), 10);
  });

  it.each([
    [12, 0.05],
    [17, 0.001],
    [60, 0.05 / 60],
  ])('leaves half of the error beyond each end (%d events, error %d)', (events, error) => {
    const { low, high } = poissonInterval(events, error);
    expect(atMost(events, high)).toBeCloseTo(error / 2, 8);
    expect(1 - atMost(events - 1, low)).toBeCloseTo(error / 2, 8);
  });

  it('stays around large and fractional counts', () => {
    for (const events of [0.3, 2.5, 1e6, 1e12]) {
      const { low, high } = poissonInterval(events, 0.001);
      expect(low).toBeLessThan(events);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeGreaterThan(events);
    }
  });
});
