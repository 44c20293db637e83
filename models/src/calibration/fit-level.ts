import { quantileSorted } from '../statistical/quantile.js';
import { withoutIncidents } from './incident-limit.js';
import { isFit } from './replay-plan.js';

const LEVEL_QUANTILE = 0.95;

/**
 * What the loudest 5 % of the fitting placebos reach over a whole watch: one comparable score unit.
 *
 * @param peaks of all placebos in time order, NaN where one could not be judged
 * @returns ≥ 0; 0 without any
 */
export function fitLevel(peaks: Float64Array): number {
  const fit = withoutIncidents(peaks.filter((_, index) => isFit(index))).sort();
  return fit.length === 0 ? 0 : quantileSorted(fit, LEVEL_QUANTILE);
}
