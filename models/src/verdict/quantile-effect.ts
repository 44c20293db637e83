import type { QuantileLine } from '../scoring/distribution-lines.js';
import {
  observations,
  shareAbove,
  valueAtShareAbove,
  type BucketDistribution,
} from '../series/bucket-distribution.js';
import { effectOnUnits, type BoundedEffect } from './effect-on-units.js';
import type { JudgedMetric } from './judged-metric.js';

/** A bound that less than this part of the share that was asked for lies above is no quantile of anything: the effect is then read at that part. */
const LEAST_PART = 0.1;

/** Share above the quantile that a line is read at, where `share` is expected above its bound. */
function readShare({ askedShare }: QuantileLine, share: number): number {
  return Math.max(share, LEAST_PART * askedShare);
}

/** The quantile of the metric that a line's effect speaks of, in (0, 1). */
export function shownQuantile(line: QuantileLine, quiet: BucketDistribution): number {
  return 1 - readShare(line, shareAbove(quiet, line.threshold));
}

/** How often the bound is passed in the quiet distribution (`share`) against how often it is expected to be now; 1 where either is never. */
function quietPart(share: number, expected: number): number {
  return share > 0 && expected > 0 ? share / expected : 1;
}

/**
 * What was expected of a quantile where `expected` of the observations were expected above the line's bound: the quiet distribution
 * stretched until that many are.
 */
function expectedValue(line: QuantileLine, quiet: BucketDistribution, expected: number): number {
  const level = readShare(line, expected);
  return valueAtShareAbove(quiet, level * quietPart(shareAbove(quiet, line.threshold), expected)).value;
}

/** Smallest size that a relative change is divided by: that of the finest bound. */
function smallestSize({ upperBounds }: BucketDistribution): number {
  let smallest = Infinity;
  for (const bound of upperBounds) {
    const size = Math.abs(bound);
    if (size > 0 && size < smallest) smallest = size;
  }
  return smallest === Infinity ? 1 : smallest;
}

/**
 * A movement of the share above a bound as the movement of the quantile that the bound was: where the same share of the live
 * observations lies now, in the metric's unit. The interval of the share, moved along, becomes the quantile's: on the square-root scale,
 * on which counts have the same variance at every level.
 *
 * @param live the observations of the stretch that moved, without those that cannot be compared
 * @param moved the movement of the share
 * @returns unbounded where the quantile lies in an endless bucket, or its interval reaches a share of nothing
 */
export function quantileEffect(
  line: QuantileLine,
  quiet: BucketDistribution,
  live: BucketDistribution,
  moved: BoundedEffect,
): BoundedEffect {
  const now = observations(live) > 0 ? shareAbove(live, line.threshold) : 0;
  const expected = Math.max(0, now - moved.effect.absolute);
  const baseline = expectedValue(line, quiet, expected);
  const root = (share: number): number => Math.sqrt(Math.max(0, share));
  const level = root(readShare(line, expected));
  // A smaller share lies above a larger value: the upper end of the share gives the upper end of the quantile.
  const atRoot = (shift: number) => valueAtShareAbove(live, Math.max(0, level - shift) ** 2);
  const up = root(expected + moved.absoluteHigh) - root(now);
  const down = root(expected + moved.absoluteLow) - root(now);
  const [high, low, middle] = [atRoot(up), atRoot(down), atRoot(0)];
  const isHighKnown = moved.isBounded && high.isBounded && level > up;
  const read = effectOnUnits(
    { moved: (base, movement) => base + movement, floor: smallestSize(quiet) },
    baseline,
    {
      delta: middle.value - baseline,
      low: moved.isBounded ? low.value - baseline : -Infinity,
      high: isHighKnown ? high.value - baseline : Infinity,
    },
    moved.effect.level,
  );
  return { ...read, isBounded: read.isBounded && low.isBounded && middle.isBounded };
}

/** The lines of a share above a bound as lines of the quantile, in the metric's unit. */
export function quantileLinesOf(
  line: QuantileLine,
  quiet: BucketDistribution,
  { expected, low, high }: Pick<JudgedMetric, 'expected' | 'low' | 'high'>,
): Pick<JudgedMetric, 'expected' | 'low' | 'high'> {
  const quietShare = shareAbove(quiet, line.threshold);
  const level = readShare(line, quietShare);
  const valueAt = (share: number): number =>
    valueAtShareAbove(quiet, share > 0 ? level * quietPart(quietShare, share) : 1).value;
  const read = (shares: Float64Array): Float64Array => {
    const values = new Float64Array(shares.length).fill(NaN);
    // Neighbouring intervals mostly expect the same.
    let [last, value] = [NaN, NaN];
    for (let index = 0; index < shares.length; index++) {
      const share = shares[index] ?? NaN;
      if (Number.isNaN(share)) continue;
      if (share !== last) [last, value] = [share, valueAt(share)];
      values[index] = value;
    }
    return values;
  };
  return { expected: read(expected), low: read(low), high: read(high) };
}
