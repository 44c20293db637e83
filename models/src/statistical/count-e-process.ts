import type { Direction } from '../contract.js';
import { logBetaKernel, logBetaTailRatio } from './log-beta-tail.js';

/**
 * The Beta prior's a·b/(a + b), about 1/variance of its log odds, so that one prior on the rate ratio serves every share. Of 0.25 to 8,
 * and of a uniform prior, 1 came closest to the fewest events needed over shares 0.05–0.9 and ratios 1.2–20: medians at share 0.1
 * of 410 events at ratio 1.5, 90 at 2, 17 at 5; uniform 675, 132, 11; 8: 400, 119, 32.
 */
const PRIOR_PRECISION = 1;

/** Events of two concurrent arms. */
export interface ArmCounts {
  /** Bad events in the treated arm, ≥ 0. */
  readonly eventsTreatment: number;
  /** Bad events in the control arm, ≥ 0. */
  readonly eventsControl: number;
  /** The treated arm's share of both arms' exposure, in (0, 1); 0 or 1 means that there is nothing to compare. */
  readonly treatmentShare: number;
}

function corrected(counts: ArmCounts, dispersion: number): readonly [treatment: number, control: number] {
  if (!(dispersion >= 1 && dispersion < Infinity)) {
    throw new RangeError(`dispersion must be finite and at least 1, got ${dispersion}`);
  }
  for (const events of [counts.eventsTreatment, counts.eventsControl]) {
    if (!(events >= 0 && events < Infinity)) {
      throw new RangeError(`events must be finite and at least 0, got ${events}`);
    }
  }
  if (!(counts.treatmentShare >= 0 && counts.treatmentShare <= 1)) {
    throw new RangeError(`treatmentShare must lie in [0, 1], got ${counts.treatmentShare}`);
  }
  return [counts.eventsTreatment / dispersion, counts.eventsControl / dispersion];
}

/** ln of the mixture of likelihood ratios over the odds on the harmful side alone. */
function logTruncatedMixture(treatment: number, control: number, share: number): number {
  const strength = PRIOR_PRECISION / (share * (1 - share));
  const a = strength * share;
  const b = strength * (1 - share);
  return logBetaTailRatio(a + treatment, b + control, share) - logBetaTailRatio(a, b, share);
}

/**
 * Evidence that the treated arm's event rate differs from the control arm's, as the natural log of an e-value that may be
 * looked at after every event (Lindon & Malek, "Anytime-valid inference for multinomial count data", arXiv 2011.03567).
 * Under equal rates an event falls to the treated arm with probability `treatmentShare`; the likelihood ratio of that
 * probability is mixed over a Beta prior centred there, cut off on the harmless side. With events k1, k0:
 * E = [B(a+k1, b+k0)/B(a, b)] · [1−I(a+k1, b+k0)]/[1−I(a, b)] · share^−k1 (1−share)^−k0. Rates may drift over time as long
 * as they drift in both arms alike and the share stays fixed; see `mixtureLogCountEValue` where it does not.
 *
 * @param input cumulated events since the start; right at zero events on either side, good to 1e9 events.
 * @param input.dispersion variance over mean of the counts, ≥ 1 (default 1). Counts are divided by it, which turns the exact
 * guarantee into an approximate one.
 * @param input.direction `up`: more events harm; `down`: fewer do; `both`: either.
 * @returns ln e in (−∞, ∞), 0 before the first event; reject at ln(1/α). 0 when one arm has no exposure.
 * @throws RangeError on negative or non-finite events, a share outside [0, 1] or a dispersion below 1.
 * @example logCountEValue({ eventsTreatment: 20, eventsControl: 2, treatmentShare: 0.5, direction: 'up' }) // 6.9
 */
export function logCountEValue(
  input: ArmCounts & { readonly dispersion?: number; readonly direction: Direction },
): number {
  const { treatmentShare: share, direction } = input;
  const [treatment, control] = corrected(input, input.dispersion ?? 1);
  if (share === 0 || share === 1) return 0;
  switch (direction) {
    case 'up':
      return logTruncatedMixture(treatment, control, share);
    case 'down':
      return logTruncatedMixture(control, treatment, 1 - share);
    case 'both': {
      const strength = PRIOR_PRECISION / (share * (1 - share));
      const a = strength * share;
      const b = strength * (1 - share);
      return logBetaKernel(a, b, share) - logBetaKernel(a + treatment, b + control, share);
    }
  }
}

interface AssumedEffect {
  /** ln of the rate ratio. */
  readonly size: number;
  /** Rate ratio − 1. */
  readonly growth: number;
}

/** Log rate ratios from 2 % to 55-fold, each 25 % larger than the one before: the true one is never more than 12 % off. */
const SIZES = Array.from({ length: 25 }, (_, i) => 0.02 * 200 ** (i / 24));
const RISES: readonly AssumedEffect[] = SIZES.map((size) => ({ size, growth: Math.expm1(size) }));
const FALLS: readonly AssumedEffect[] = SIZES.map((size) => ({ size: -size, growth: Math.expm1(-size) }));
const GRIDS: Readonly<Record<Direction, readonly AssumedEffect[]>> = {
  up: RISES,
  down: FALLS,
  both: [...RISES, ...FALLS],
};

/**
 * `logCountEValue` for shares that change from interval to interval: for each of a grid of log rate ratios the product over
 * intervals of likelihood ratios, each at its own share; then the mean over the grid.
 *
 * @param increments events *within* each interval and the share of exposure in it; intervals whose share is 0 or 1 are passed over.
 * @param direction which side is harmful.
 * @param dispersion variance over mean of the counts, ≥ 1.
 * @returns ln e, 0 for no increments; reject at ln(1/α).
 * @throws RangeError as `logCountEValue`.
 * @example mixtureLogCountEValue([{ eventsTreatment: 9, eventsControl: 0, treatmentShare: 0.3 }], 'up') // 8.0
 */
export function mixtureLogCountEValue(
  increments: readonly ArmCounts[],
  direction: Direction,
  dispersion = 1,
): number {
  const grid = GRIDS[direction];
  const logRatios = new Float64Array(grid.length);
  for (const increment of increments) {
    const [treatment, control] = corrected(increment, dispersion);
    const share = increment.treatmentShare;
    if (share === 0 || share === 1) continue;
    grid.forEach(({ size, growth }, i) => {
      const gain = treatment * size - (treatment + control) * Math.log1p(share * growth);
      logRatios[i] = (logRatios[i] ?? 0) + gain;
    });
  }
  const largest = logRatios.reduce((most, value) => Math.max(most, value), -Infinity);
  const total = logRatios.reduce((sum, value) => sum + Math.exp(value - largest), 0);
  return largest + Math.log(total / grid.length);
}
