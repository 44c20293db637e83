import { between, prefixSums } from '../series/prefix-sums.js';
import { medianAbsoluteDeviation, median } from '../statistical/quantile.js';

/** The stretch from a moment on and the stretch before it that it is compared with; intervals. */
export interface Stretches {
  readonly after: number;
  readonly before: number;
}

/** Share of each stretch that must have been seen. */
const SEEN = 0.5;
/** Smallest unit of movement, log units: two percent is nothing however quiet a series is. */
const SMALLEST_UNIT = 0.02;
/** Movements of this many units, and rarer than `RARE` in the series' own past, count. */
const FAR = 3;
const RARE = 0.05;

/** How far a series moves at a moment: mean of `after` intervals from it on, less the mean of `before` intervals up to it; NaN = not known. */
export function movementAt(values: Float64Array, { after, before }: Stretches): (moment: number) => number {
  const sums = prefixSums(values, (value) => value);
  const counts = prefixSums(values, () => 1);
  const mean = (from: number, to: number): number => {
    const count = between(counts, from, to);
    return count >= SEEN * (to - from) && count > 0 ? between(sums, from, to) / count : NaN;
  };
  return (moment) =>
    moment < before || moment + after > values.length
      ? NaN
      : mean(moment, moment + after) - mean(moment - before, moment);
}

/** Whether a series moved, now and at each moment of its own past. */
export interface Movement {
  readonly now: boolean;
  /** How far it moved now, in units of its own past movements. */
  readonly size: number;
  readonly past: readonly boolean[];
}

/**
 * Judges a series' movement by the scale of its own movements at past moments (median absolute deviation) and by their ranks.
 *
 * @param isTwoSided whether both ways count; else only up
 * @returns undefined where it cannot be judged
 */
export function judgeMovement(
  values: Float64Array,
  stretches: Stretches,
  now: number,
  moments: readonly number[],
  isTwoSided: boolean,
): Movement | undefined {
  const at = movementAt(values, stretches);
  const past = Float64Array.from(moments, at);
  const known = past.filter((value) => !Number.isNaN(value));
  const present = at(now);
  if (known.length === 0 || Number.isNaN(present)) return undefined;
  const centre = median(known);
  const unit = Math.max(medianAbsoluteDeviation(known, centre), SMALLEST_UNIT);
  const size = (value: number): number => {
    const distance = (value - centre) / unit;
    return isTwoSided ? Math.abs(distance) : distance;
  };
  const sizes = known.map(size);
  const isMoved = (value: number): boolean => {
    const own = size(value);
    const asFar = sizes.reduce((count, other) => (other >= own ? count + 1 : count), 0);
    return own >= FAR && asFar <= RARE * (sizes.length + 1);
  };
  return { now: isMoved(present), size: size(present), past: Array.from(past, isMoved) };
}
