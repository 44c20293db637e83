import type { Direction } from '../../../src/index.js';
import { mean } from '../samples.js';
import { shiftInterval } from './shift-interval.js';

export type Classification = 'pass' | 'high' | 'low' | 'nodata';

/** Settings of one metric; the defaults are those of the judge. */
export interface MetricSettings {
  /** Share of the estimated shift that its interval must clear; 0.25 in the judge. */
  readonly tolerance: number;
  /** 0.98 in the judge. */
  readonly confidence: number;
  /** Ratio of the means at or above which an increase counts, and at or below which a decrease does; 1 in the judge. */
  readonly allowedIncrease: number;
  readonly allowedDecrease: number;
}

/** What NetflixACAJudge uses where a canary configuration says nothing. */
export const JUDGE_DEFAULTS: MetricSettings = {
  tolerance: 0.25,
  confidence: 0.98,
  allowedIncrease: 1,
  allowedDecrease: 1,
};

/** Ratio of the means; 1 for a zero control and undefined for a zero experiment, both as in the judge. */
function meanRatio(experiment: Float64Array, control: Float64Array): number {
  const [top, bottom] = [mean(experiment), mean(control)];
  if (bottom === 0) return 1;
  return top === 0 ? NaN : top / bottom;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  const sorted = b.toSorted();
  return a.toSorted().every((value, index) => value === sorted[index]);
}

/**
 * Kayenta's MannWhitneyClassifier: high or low when the 98 % interval of the shift clears 25 % of the estimated shift and the ratio
 * of the means passes the effect size thresholds. Rules from the published Scala source; no value on a side is `nodata`, and missing
 * values are left out (`nanStrategy: remove`).
 *
 * @param experiment finite values of the canary
 * @param control finite values of the baseline
 */
export function classifyMetric(
  experiment: Float64Array,
  control: Float64Array,
  direction: Direction,
  settings: MetricSettings = JUDGE_DEFAULTS,
): Classification {
  if (experiment.length === 0 || control.length === 0) return 'nodata';
  if (isSame(experiment, control)) return 'pass';
  if (new Set([...experiment, ...control]).size === 1) return 'pass';
  const { estimate, low, high } = shiftInterval(experiment, control, settings.confidence);
  const bound = settings.tolerance * Math.abs(estimate);
  const ratio = meanRatio(experiment, control);
  if (direction !== 'down' && low > bound && ratio >= settings.allowedIncrease) return 'high';
  if (direction !== 'up' && high < -bound && ratio <= settings.allowedDecrease) return 'low';
  return 'pass';
}
