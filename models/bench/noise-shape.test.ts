import { describe, expect, it } from 'vitest';
import { createRandom } from '../src/index.js';
import { drawInnovation, type NoiseShape } from './noise-shape.js';

const COUNT = 200_000;

function draws(shape: NoiseShape): Float64Array {
  const random = createRandom(11);
  return Float64Array.from({ length: COUNT }, () => drawInnovation(shape, random)).sort();
}

describe('drawInnovation', () => {
  // Quantiles of scipy 1.17: norm, t(3) / √3 and (lognorm(1) − e^½) / √(e² − e).
  it.each([
    ['normal', 1.6449, 3.0902, -3.0902],
    ['heavy', 1.3587, 5.8974, -5.8974],
    ['skewed', 1.6341, 9.4084, -0.7418],
  ] as const)('draws %s noise with its quantiles', (shape, at95, at999, at001) => {
    const sorted = draws(shape);
    const at = (share: number): number => sorted[Math.floor(share * COUNT)] ?? NaN;
    expect(at(0.95) / at95).toBeCloseTo(1, 1);
    expect(Math.abs(at(0.999) / at999 - 1)).toBeLessThan(0.15);
    expect(Math.abs(at(0.001) / at001 - 1)).toBeLessThan(0.15);
    // The fourth moment of t₃ is infinite, so that its variance converges slowly.
    const mean = sorted.reduce((sum, value) => sum + value, 0) / COUNT;
    const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(shape === 'normal' ? 0.02 : 0.15);
  });
});
