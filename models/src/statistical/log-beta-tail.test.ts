import { describe, expect, it } from 'vitest';
import { logBetaKernel, logBetaTailRatio } from './log-beta-tail.js';
import { stirlingRemainder } from './log-gamma.js';

describe('beta tail', () => {
  it('matches closed forms', () => {
    expect(logBetaTailRatio(1, 1, 0.25)).toBeCloseTo(Math.log(4), 13);
    // P(θ > x) = (1 − x)^b for a = 1, whose kernel is x (1 − x)^b b.
    expect(logBetaTailRatio(1, 7.5, 0.3)).toBeCloseTo(-Math.log(0.3 * 7.5), 13);
    expect(logBetaKernel(3, 2, 0.4)).toBeCloseTo(Math.log(12 * 0.4 ** 3 * 0.6 ** 2), 13);
  });

  it('is one half of the mass at the middle of a symmetric beta, at every size', () => {
    for (const size of [0.3, 1, 40, 1e4, 1e6, 5e8]) {
      const tail = logBetaTailRatio(size, size, 0.5) + logBetaKernel(size, size, 0.5);
      expect(Math.abs(tail - Math.log(0.5)), `size ${size}`).toBeLessThan(1e-9);
    }
  });

  it('adds up to one with the opposite tail', () => {
    for (const [a, b, x] of [
      [2, 30, 0.1],
      [0.05, 4, 0.02],
      [1e5, 9e5, 0.1002],
      [1e8, 9e8, 0.09999],
    ] as const) {
      const upper = Math.exp(logBetaTailRatio(a, b, x) + logBetaKernel(a, b, x));
      const lower = Math.exp(logBetaTailRatio(b, a, 1 - x) + logBetaKernel(b, a, 1 - x));
      expect(Math.abs(upper + lower - 1)).toBeLessThan(1e-8);
    }
  });

  it('stays finite where numerator and denominator underflow', () => {
    expect(logBetaTailRatio(10, 1e9, 0.5)).toBeCloseTo(-Math.log(1e9 * 0.5), 5);
    expect(logBetaTailRatio(1e9, 10, 0.5)).toBeGreaterThan(6e8);
  });

  it('meets Stirling’s series without a step', () => {
    expect(stirlingRemainder(16) / stirlingRemainder(16 - 1e-9)).toBeCloseTo(1, 9);
    expect(stirlingRemainder(1)).toBeCloseTo(1 - 0.9189385332046728, 13);
  });
});
