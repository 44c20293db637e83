/** Logistic curve in −log10 p, fitted on the public training cases by `models/bench/fit-harm-probability.ts`. */
const INTERCEPT = -3.095;
const SLOPE = 3.048;
/** Evidence beyond p = 10⁻⁴ is not told apart: calibration cannot reach further. */
const MOST_DECADES = 4;

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** How much evidence a p-value is, in decades within [0, 4]. */
export function evidenceDecades(p: number): number {
  return Math.min(MOST_DECADES, Math.max(0, -Math.log10(Math.max(p, Number.MIN_VALUE))));
}

/**
 * P(harmful | evidence, prior).
 *
 * @param p sequential p-value of the family, in (0, 1]
 * @param prior probability of harm before looking, in (0, 1)
 * @returns in (0, 1); rises as p falls
 * @example harmProbability(0.001, 0.1)
 */
export function harmProbability(p: number, prior: number): number {
  return 1 / (1 + Math.exp(-(logit(prior) + INTERCEPT + SLOPE * evidenceDecades(p))));
}
