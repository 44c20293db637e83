import { median, medianAbsoluteDeviation, quantileSorted } from '../statistical/quantile.js';
import { sortedSeen } from './two-samples.js';

/** Share of the noise of all that is known that enters the scale: a stretch that happens to be calm is not taken at its word. */
const POOLED_SHARE = 0.3;
/** 90th percentile of |z| of a standard normal variable. */
const NORMAL_90 = 1.645;
/** Makes the median absolute deviation estimate the standard deviation of a normal sample: 1 / Φ⁻¹(3/4). */
const NORMAL_CONSISTENCY = 1.482602218505602;
/** Where a series hardly ever moves, its scale is half the size of its rare moves. */
const RARE_MOVES_SHARE = 0.5;
/** Steps relative to the level that are rounding, not movement. */
const ROUNDING = 1e-9;
/** Scale of a series that has never moved and lies at zero: any movement is then beyond the clip, and none is none. */
const NOTHING = 1e-30;

/** Robust noise of a centred sample; of one that is mostly constant, by its rare moves. */
function noiseOf(centred: Float64Array): number {
  const sizes = sortedSeen(centred.map(Math.abs));
  if (sizes.length === 0) return 0;
  const tail = quantileSorted(sizes, 0.9) / NORMAL_90;
  return Math.max(NORMAL_CONSISTENCY * quantileSorted(sizes, 0.5), RARE_MOVES_SHARE * tail);
}

/**
 * The unit that a window is measured in: noise just before the change plus a share of the noise before it and of its
 * reference days. Nothing after the change enters.
 *
 * @param before values of the steps before the change; NaN = missing
 * @param reference centred reference line over the steps before and after
 * @param smallest smallest scale in the unit of the values, ≥ 0
 * @returns > 0
 */
export function windowScale(before: Float64Array, reference: Float64Array, smallest: number): number {
  const centre = median(before);
  const centred = before.map((value) => value - centre);
  const pooled = new Float64Array(centred.length + reference.length);
  pooled.set(centred);
  pooled.set(reference, centred.length);
  const scale = medianAbsoluteDeviation(before, centre) + POOLED_SHARE * noiseOf(pooled);
  return Math.max(scale, smallest, ROUNDING * Math.abs(centre), NOTHING);
}
