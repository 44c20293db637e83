import type { Direction } from '../contract.js';

/** Counts of one stretch against a baseline. */
export interface CountComparison {
  /** Events since the change, ≥ 0; fractions are allowed (counts divided by a dispersion). */
  readonly events: number;
  /** Exposure since the change, ≥ 0, in the unit of `baselineTotal`. */
  readonly total: number;
  /** Events over total before the change, ≥ 0. */
  readonly baselineRatio: number;
  /** Exposure behind `baselineRatio`, ≥ 0. */
  readonly baselineTotal: number;
}

/** Rounding of the bound's own arithmetic, relative. */
const BOUND_ROUNDING = 1e-9;
/** Rounding of the deviance that it bounds, a share of all exposure: logarithms near 1 of large counts. */
const DEVIANCE_ROUNDING = 1e-13;
/** A smaller share of misses, one minus the share of hits, is itself made of rounding. */
const SMALLEST_MISSES = 1e-6;

/** y ln(y/m), continued by 0 at y = 0. */
function weightedLogRatio(observed: number, expected: number): number {
  return observed > 0 ? observed * Math.log(observed / expected) : 0;
}

function isCount(value: number): boolean {
  return value >= 0 && value < Infinity;
}

function checkCounts({ events, total, baselineRatio, baselineTotal }: CountComparison): void {
  if (isCount(events) && isCount(total) && isCount(baselineRatio) && isCount(baselineTotal)) return;
  throw new RangeError(
    `counts must be finite and at least 0, got ${events} of ${total} against ${baselineRatio} of ${baselineTotal}`,
  );
}

/**
 * How far a ratio of events to a total has moved from its baseline, in standard normal units: the signed root of the
 * two-sample likelihood-ratio statistic (McCullagh & Nelder 1989, section 4.4), which carries the baseline's own
 * uncertainty through `baselineTotal` and stays finite and right at a baseline without events. Binomial where events are a
 * part of the total; Poisson where a ratio exceeds 1 (events per request).
 *
 * @param input.direction harmful side (default `up`): `down` flips the sign, `both` gives the size alone.
 * @returns about N(0, 1) under no change once some 5 events are expected on both sides (|·| of that for `both`); positive is
 * harmful; 0 when either side has no exposure. Share of |value| > 1.96 simulated at ratio 0.3, exposures after/before 30/30,
 * 10/100, 5/200: 5.9 / 5.8 / 6.9 %; with 1.5 events expected on each side 8.3 %: a score to calibrate, no exact test there.
 * @throws RangeError on a negative or non-finite count.
 * @example signedRootDeviance({ events: 5, total: 1000, baselineRatio: 0, baselineTotal: 10000 }) // 4.9
 */
export function signedRootDeviance(input: CountComparison & { readonly direction?: Direction }): number {
  checkCounts(input);
  const { events, total, baselineRatio, baselineTotal } = input;
  if (total === 0 || baselineTotal === 0) return 0;
  const baselineEvents = baselineRatio * baselineTotal;
  const pooled = (events + baselineEvents) / (total + baselineTotal);
  const hits =
    weightedLogRatio(events, pooled * total) + weightedLogRatio(baselineEvents, pooled * baselineTotal);
  const isPart = events <= total && baselineRatio <= 1;
  const misses = isPart
    ? weightedLogRatio(total - events, (1 - pooled) * total) +
      weightedLogRatio(baselineTotal - baselineEvents, (1 - pooled) * baselineTotal)
    : 0;
  const root = Math.sqrt(Math.max(0, 2 * (hits + misses)));
  if (root === 0 || input.direction === 'both') return root;
  const isAbove = events / total > baselineRatio;
  return isAbove === (input.direction !== 'down') ? root : -root;
}

/**
 * A bound on the square of `signedRootDeviance` that needs no logarithm: `Σ O ln(O/E) ≤ Σ (O − E)²/E`, because `ln x ≤ x − 1`, so the
 * deviance is at most twice Pearson's statistic; wide enough for the rounding of both. Takes numbers, not an object: it is asked some million
 * times in a preparation.
 *
 * @returns ≥ the square of the `signedRootDeviance` of the same four; Infinity where nothing can be said so cheaply
 * @example devianceBound(5, 1000, 0, 10000) // 100.05, of a deviance of 24.0
 */
export function devianceBound(
  events: number,
  total: number,
  baselineRatio: number,
  baselineTotal: number,
): number {
  if (total === 0 || baselineTotal === 0) return 0;
  const both = total + baselineTotal;
  const pooled = (events + baselineRatio * baselineTotal) / both;
  if (pooled === 0) return 0;
  const isPart = events <= total && baselineRatio <= 1;
  if (isPart && 1 - pooled < SMALLEST_MISSES) return Infinity;
  const spread = isPart ? pooled * (1 - pooled) : pooled;
  const apart = events / total - baselineRatio;
  const pearson = ((total / both) * baselineTotal * apart * apart) / spread;
  return 2 * pearson * (1 + BOUND_ROUNDING) + DEVIANCE_ROUNDING * both;
}
