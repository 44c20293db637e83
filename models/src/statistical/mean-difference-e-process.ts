import type { Direction } from '../contract.js';
import { logNormalCdf } from './normal.js';

/** An estimated difference of means at one look. */
export interface MeanDifference {
  /** After minus before, or treatment minus control, in the metric's unit. */
  readonly difference: number;
  /** Variance of `difference` at this look, in squared units. 0, negative, infinite or NaN: precision unknown, no evidence. */
  readonly variance: number;
  /** Size of effect expected when there is one, > 0, in the metric's unit: the prior's standard deviation. */
  readonly priorScale: number;
}

/**
 * Evidence that a mean has moved, as the natural log of an e-value that may be looked at after every sample.
 *
 * With information I = 1/variance and score Z = difference × I, the sequence of scores has independent increments in
 * information (Jennison & Turnbull 1997), also for before/after with a fixed baseline sample. Mixing the likelihood ratio
 * exp(δZ − δ²I/2) over δ ~ N(0, priorScale²) (Robbins 1970), or over that normal's half on the harmful side, gives a
 * (super)martingale that starts at 1: the probability of ever reaching 1/α under no effect is at most α when the variance
 * is known.
 *
 * With an estimated variance the bound is approximate. Simulated with no effect, α = 5 %, 60 looks, priorScale half a standard
 * deviation, variance = v·(1/n₀ + 1/n) with v the `longRunVariance` of the n₀ baseline values, autoregression φ = 0 / 0.5 / 0.8,
 * false alarms of `both`: n₀ = 20: 1.7 / 6.1 / 10.7 %; n₀ = 60: 1.1 / 1.8 / 2.7 %; n₀ = 200: 1.8 / 1.4 / 1.0 %. With the larger of
 * the baseline's and the after-window's v: 4.5 % at worst. Each window's own v lets the first looks underestimate
 * theirs: up to 14 %.
 *
 * @param input.direction which side is harmful; `both` mixes over the two sides.
 * @returns ln e, in (−∞, ∞); reject at ln(1/α). 0 when the precision is unknown or the difference is NaN.
 * @throws RangeError when priorScale is not a positive finite number.
 * @example logMeanDifferenceEValue({ difference: 5, variance: 1, priorScale: 5, direction: 'up' }) // 11.08
 */
export function logMeanDifferenceEValue(input: MeanDifference & { readonly direction: Direction }): number {
  requireScale(input.priorScale);
  if (!isKnown(input)) return 0;
  const information = 1 / input.variance;
  const precision = information + 1 / input.priorScale ** 2;
  const standardised = (input.difference * information) / Math.sqrt(precision);
  const both = 0.5 * standardised ** 2 - 0.5 * Math.log1p(information * input.priorScale ** 2);
  if (input.direction === 'both') return both;
  const harmful = input.direction === 'up' ? standardised : -standardised;
  return oneSided(harmful, both);
}

/**
 * The difference's interval that holds at all looks at once: every δ that the two-sided e-value does not reject at α
 * (normal-mixture confidence sequence, Robbins 1970; Howard et al. 2021, arXiv 1810.08240, section 3.2).
 *
 * @param input.alpha probability in (0, 1) that the sequence of intervals ever misses the true difference.
 * @returns low ≤ difference ≤ high in the metric's unit; −Infinity and Infinity when the precision is unknown.
 * @throws RangeError when priorScale or alpha is out of range.
 * @example meanDifferenceInterval({ difference: 5, variance: 1, priorScale: 5, alpha: 0.05 }) // { low: 1.9…, high: 8.0… }
 */
export function meanDifferenceInterval(input: MeanDifference & { readonly alpha: number }): {
  readonly low: number;
  readonly high: number;
} {
  requireScale(input.priorScale);
  if (!(input.alpha > 0 && input.alpha < 1))
    throw new RangeError(`alpha must lie in (0, 1), got ${input.alpha}`);
  if (!isKnown(input)) return { low: -Infinity, high: Infinity };
  const ratio = input.priorScale ** 2 / input.variance;
  const width = Math.sqrt(input.variance * (1 + 1 / ratio) * (Math.log1p(ratio) - 2 * Math.log(input.alpha)));
  return { low: input.difference - width, high: input.difference + width };
}

/** Half-normal mixture: the two-sided one × 2Φ(·), arranged so that neither factor over- or underflows. */
function oneSided(harmful: number, both: number): number {
  return both + Math.LN2 + logNormalCdf(harmful);
}

function isKnown(input: MeanDifference): boolean {
  return input.variance > 0 && input.variance < Infinity && Number.isFinite(input.difference);
}

function requireScale(priorScale: number): void {
  if (!(priorScale > 0 && priorScale < Infinity)) {
    throw new RangeError(`priorScale must be a positive finite number, got ${priorScale}`);
  }
}
