import type { RandomSource } from '../src/statistical/random.js';

/** Distribution of the innovations of a simulated series, each with mean 0 and variance 1. */
export type NoiseShape = 'normal' | 'heavy' | 'skewed';

/** Student's t of 3 degrees of freedom: the fewest with a variance. */
const HEAVY_DEGREES = 3;
/** Variance of that distribution. */
const HEAVY_VARIANCE = HEAVY_DEGREES / (HEAVY_DEGREES - 2);
/** Standard deviation of the logarithm of a skewed innovation: skewness 6.2. */
const SKEWED_SIGMA = 1;
const SKEWED_MEAN = Math.exp(SKEWED_SIGMA ** 2 / 2);
const SKEWED_DEVIATION = Math.sqrt(Math.expm1(SKEWED_SIGMA ** 2)) * SKEWED_MEAN;

/** One innovation: standard normal, Student's t₃ over √3, or a standardised log-normal, whose long tail points up. */
export function drawInnovation(shape: NoiseShape, random: RandomSource): number {
  const normal = random.normal();
  switch (shape) {
    case 'normal':
      return normal;
    case 'heavy': {
      let square = 0;
      for (let degree = 0; degree < HEAVY_DEGREES; degree++) square += random.normal() ** 2;
      return normal / Math.sqrt((square / HEAVY_DEGREES) * HEAVY_VARIANCE);
    }
    case 'skewed':
      return (Math.exp(SKEWED_SIGMA * normal) - SKEWED_MEAN) / SKEWED_DEVIATION;
  }
}
