import type { HistogramArm } from '../contract.js';
import { valueAtShareAbove, type BucketDistribution } from './bucket-distribution.js';
import type { Counts } from './clean-counts.js';

/** Counts beyond this are nonsense of a source; 2⁵³ is where whole numbers end. */
const LARGEST_COUNT = 2 ** 53;

/** Whether bounds ascend without a gap in what they say, and every bucket has a line. */
function isReadable({ upperBounds, counts }: HistogramArm): boolean {
  if (upperBounds.length === 0 || upperBounds.length !== counts.length) return false;
  return upperBounds.every((bound, index) => bound > (upperBounds[index - 1] ?? -Infinity));
}

/**
 * Observations within each interval; NaN where a bucket is missing, negative or absurdly large, and throughout where bounds do not ascend
 * or do not belong to the buckets: half a histogram looks like a distribution that moved.
 */
export function observedIn(arm: HistogramArm): Float64Array {
  const totals = new Float64Array(arm.counts[0]?.length ?? 0);
  if (!isReadable(arm)) return totals.fill(NaN);
  for (const line of arm.counts) {
    for (let index = 0; index < totals.length; index++) {
      const count = line[index] ?? NaN;
      totals[index] = count >= 0 && count <= LARGEST_COUNT ? (totals[index] ?? NaN) + count : NaN;
    }
  }
  return totals;
}

/** Each interval's counts times the weights of their buckets; a bucket without observations adds nothing, whatever its weight. */
function weighedSums({ counts }: HistogramArm, weights: Float64Array, scale: number): Float64Array {
  const sums = new Float64Array(counts[0]?.length ?? 0);
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const line = counts[bucket];
    const weight = scale * (weights[bucket] ?? 0);
    // What weighs nothing adds nothing, unless it is missing: then the interval has no total either.
    if (line === undefined || weight === 0) continue;
    for (let index = 0; index < sums.length; index++) {
      const count = line[index] ?? NaN;
      if (count !== 0) sums[index] = (sums[index] ?? 0) + weight * count;
    }
  }
  return sums;
}

/**
 * The buckets of every interval, each times its weight, over all of them: a ratio that is as the interval's distribution is.
 *
 * @param weights one a bucket, in [0, 1]; NaN for a bucket that cannot be weighed, which blanks the intervals that observed something in it
 * @param observed of the same arm, as `observedIn` gives it
 * @param scale factor of both counts
 */
export function weighedCounts(
  arm: HistogramArm,
  weights: Float64Array,
  observed: Float64Array,
  scale = 1,
): Counts {
  const totals = new Float64Array(observed.length);
  const events = weighedSums(arm, weights, scale);
  for (let index = 0; index < totals.length; index++) {
    const total = scale * (observed[index] ?? NaN);
    const isKnown = !Number.isNaN(events[index] ?? NaN) && !Number.isNaN(total);
    totals[index] = isKnown ? total : NaN;
    if (!isKnown) events[index] = NaN;
  }
  return { events, totals };
}

/**
 * All intervals in `[from, to)` as one distribution; intervals that cannot be read are left out.
 *
 * @param observed of the same arm, as `observedIn` gives it
 */
export function pooledDistribution(
  arm: HistogramArm,
  from = 0,
  to = arm.counts[0]?.length ?? 0,
  observed = observedIn(arm),
): BucketDistribution {
  const counts = new Float64Array(arm.counts.length);
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const line = arm.counts[bucket];
    let sum = 0;
    for (let index = from; index < to; index++) {
      if (!Number.isNaN(observed[index] ?? NaN)) sum += line?.[index] ?? 0;
    }
    counts[bucket] = sum;
  }
  return { upperBounds: arm.upperBounds, counts };
}

/**
 * A quantile of each interval by itself, in the metric's unit, linear within its bucket.
 *
 * @param quantile in (0, 1)
 * @returns NaN where nothing was observed
 */
export function quantileLine(arm: HistogramArm, quantile: number): Float64Array {
  const { upperBounds } = arm;
  const counts = new Float64Array(arm.counts.length);
  return observedIn(arm).map((total, index) => {
    if (!(total > 0)) return NaN;
    for (const [bucket, line] of arm.counts.entries()) counts[bucket] = line[index] ?? 0;
    return valueAtShareAbove({ upperBounds, counts }, 1 - quantile).value;
  });
}
