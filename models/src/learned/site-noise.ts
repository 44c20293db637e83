import type { RandomSource } from '../statistical/random.js';
import { median, medianAbsoluteDeviation } from '../statistical/quantile.js';

/** Noise of a series that never moves, as a share of its level. */
const STILL_SHARE = 0.05;

/** Size of moves where most are zero: mean absolute value. */
function meanSize(values: Float64Array, centre: number): number {
  let sum = 0;
  let seen = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += Math.abs(value - centre);
    seen++;
  }
  return seen === 0 ? 0 : sum / seen;
}

/**
 * The unit in which injections are sized: something between the spread of the stretch before the change and the size of its
 * moves from one interval to the next, drawn at random, because in a season the first is mostly season and under strong
 * autocorrelation the second is mostly nothing.
 *
 * @returns > 0
 */
export function siteNoise(before: Float64Array, random: RandomSource): number {
  const centre = median(before) || 0;
  const moves = before.subarray(1).map((value, index) => value - (before[index] ?? NaN));
  const spread = medianAbsoluteDeviation(before, centre) || meanSize(before, centre);
  const step = (medianAbsoluteDeviation(moves, 0) || meanSize(moves, 0)) / Math.SQRT2;
  if (!(spread > 0)) return STILL_SHARE * Math.abs(centre) || 1;
  const share = random.uniform();
  return spread ** (1 - share) * Math.max(step, 0.1 * spread) ** share;
}
