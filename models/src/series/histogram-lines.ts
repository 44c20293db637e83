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

/**
 * The buckets of every interval, each times its weight, over all of them: a ratio that is as the interval's distribution is.
 *
 * @param weights one a bucket, in [0, 1]; NaN for a bucket that cannot be weighed, which blanks the intervals that observed something in it
 * @param scale factor of both counts
 */
export function weighedCounts(arm: HistogramArm, weights: Float64Array, scale = 1): Counts {
  const totals = observedIn(arm);
  const events = new Float64Array(totals.length);
  arm.counts.forEach((line, bucket) => {
    const weight = scale * (weights[bucket] ?? 0);
    for (let index = 0; index < events.length; index++) {
      const count = line[index] ?? NaN;
      if (count !== 0) events[index] = (events[index] ?? 0) + weight * count;
    }
  });
  const isKnown = (index: number): boolean =>
    !Number.isNaN(events[index] ?? NaN) && !Number.isNaN(totals[index] ?? NaN);
  return {
    events: events.map((value, index) => (isKnown(index) ? value : NaN)),
    totals: totals.map((value, index) => (isKnown(index) ? scale * value : NaN)),
  };
}

/** All intervals in `[from, to)` as one distribution; intervals that cannot be read are left out. */
export function pooledDistribution(
  arm: HistogramArm,
  from = 0,
  to = arm.counts[0]?.length ?? 0,
): BucketDistribution {
  const totals = observedIn(arm);
  const counts = Float64Array.from(arm.counts, (line) => {
    let sum = 0;
    for (let index = from; index < to; index++) {
      if (!Number.isNaN(totals[index] ?? NaN)) sum += line[index] ?? 0;
    }
    return sum;
  });
  return { upperBounds: arm.upperBounds, counts };
}

/**
 * A quantile of each interval by itself, in the metric's unit, linear within its bucket.
 *
 * @param quantile in (0, 1)
 * @returns NaN where nothing was observed
 */
export function quantileLine(arm: HistogramArm, quantile: number): Float64Array {
  return observedIn(arm).map((total, index) => {
    if (!(total > 0)) return NaN;
    const counts = Float64Array.from(arm.counts, (line) => line[index] ?? 0);
    return valueAtShareAbove({ upperBounds: arm.upperBounds, counts }, 1 - quantile).value;
  });
}
