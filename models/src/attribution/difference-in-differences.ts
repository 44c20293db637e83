import { median, quantileSorted } from '../statistical/quantile.js';
import type { Contrast } from './attribution-contract.js';
import { movementAt, type Stretches } from './movement.js';

/** Level of the interval, equal tails. */
const LEVEL = 0.9;
/** Fewer moments give no interval. */
const FEWEST_MOMENTS = 10;

/**
 * Difference in differences: how much more a series moved than the middle one of the others, with an interval and a p-value from the same
 * difference at past moments (randomisation inference over time; Bertrand, Duflo & Mullainathan 2004 show why the usual standard errors
 * fail on autocorrelated series).
 *
 * @param own on a logarithmic scale, harm up
 * @param others the same of other services
 * @param now the moment of the shift
 * @param moments past moments at which nothing happened
 * @returns shares of the baseline; undefined where there is nothing to compare with
 */
export function differenceInDifferences(
  own: Float64Array,
  others: readonly Float64Array[],
  stretches: Stretches,
  now: number,
  moments: readonly number[],
): Omit<Contrast, 'metric'> | undefined {
  const ownAt = movementAt(own, stretches);
  const othersAt = others.map((values) => movementAt(values, stretches));
  const othersMove = (moment: number): number => median(othersAt.map((at) => at(moment)));
  const difference = (moment: number): number => ownAt(moment) - othersMove(moment);
  const present = difference(now);
  const past = Float64Array.from(moments, difference).filter((value) => !Number.isNaN(value));
  if (Number.isNaN(present) || past.length < FEWEST_MOMENTS) return undefined;
  const sorted = past.toSorted();
  const asFar = past.reduce((count, value) => (Math.abs(value) >= Math.abs(present) ? count + 1 : count), 0);
  const tail = (1 - LEVEL) / 2;
  return {
    own: Math.expm1(ownAt(now)),
    others: Math.expm1(othersMove(now)),
    difference: Math.expm1(present),
    low: Math.expm1(present - quantileSorted(sorted, 1 - tail)),
    high: Math.expm1(present - quantileSorted(sorted, tail)),
    p: (1 + asFar) / (1 + past.length),
  };
}
