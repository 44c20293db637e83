import type { Direction, HistogramArm } from '../contract.js';
import { observations, shareAbove, type BucketDistribution } from '../series/bucket-distribution.js';
import type { Counts } from '../series/clean-counts.js';
import { observedIn, weighedCounts } from '../series/histogram-lines.js';

/**
 * One question about a distribution that a ratio answers: how large a share of the observations lies above a bound (`above`), or where
 * in the quiet distribution the observations stand on average (`rank`).
 */
export type DistributionLine =
  | {
      readonly kind: 'above';
      /** A bound of the histogram, in the metric's unit. */
      readonly threshold: number;
      /** Share above a bound that was looked for, in (0, 1); the bound is the one that comes nearest. */
      readonly askedShare: number;
    }
  | { readonly kind: 'rank' };

/** A line at a bound. */
export type QuantileLine = Extract<DistributionLine, { kind: 'above' }>;

/** Shares that are asked for where more is worse; where less is worse, the same from below. */
const TAIL_SHARES = [0.5, 0.1, 0.01, 0.001];

const SHARES: Readonly<Record<Direction, readonly number[]>> = {
  up: TAIL_SHARES,
  down: TAIL_SHARES.map((share) => 1 - share),
  both: [...TAIL_SHARES, ...TAIL_SHARES.slice(1).map((share) => 1 - share)],
};

/** A rank spreads over [0, 1] with a variance of 1/12, a share of one half has 1/4: so many observations are worth as much. */
const RANK_PRECISION = 3;

function logOdds(share: number): number {
  return Math.log(share / (1 - share));
}

/**
 * The bounds at which a histogram is watched: for the 50th, 90th, 99th and 99.9th percentile the bound whose share of observations
 * above it is nearest in log odds, so that counts need no interpolation. A bound that nothing lies above is taken as well: what comes
 * there is new.
 *
 * @param quiet the distribution when nothing is deployed
 * @returns at most one line a bound, median first; empty without an observation or a finite bound
 */
export function quantileLines(quiet: BucketDistribution, direction: Direction): readonly QuantileLine[] {
  const total = observations(quiet);
  if (!(total > 0)) return [];
  const bounds = [...quiet.upperBounds].filter(Number.isFinite).map((threshold) => {
    // Half an observation on either side keeps shares of nothing and of everything apart from certainty.
    const share = (shareAbove(quiet, threshold) * total + 0.5) / (total + 1);
    return { threshold, share };
  });
  const [first, ...others] = bounds;
  if (first === undefined) return [];
  const chosen = new Map<number, QuantileLine>();
  for (const askedShare of SHARES[direction]) {
    const distance = ({ share }: { readonly share: number }): number =>
      Math.abs(logOdds(share) - logOdds(askedShare));
    const { threshold } = others.reduce((a, b) => (distance(b) < distance(a) ? b : a), first);
    if (!chosen.has(threshold)) chosen.set(threshold, { kind: 'above', threshold, askedShare });
  }
  return [...chosen.values()];
}

/**
 * Weight of every bucket in the number of observations above a bound: 1 above it, 0 up to it. NaN for a bucket that holds it, as where a
 * release changed its buckets: a guess at how many lie above would look like a distribution that moved.
 */
export function weightsAbove(upperBounds: Float64Array, threshold: number): Float64Array {
  return upperBounds.map((bound, bucket) => {
    if (bound <= threshold) return 0;
    return (upperBounds[bucket - 1] ?? -Infinity) < threshold ? NaN : 1;
  });
}

/**
 * Mean standing of each bucket in the quiet distribution, 0 (below all of it) to 1: the ridits of Bross, "How to use ridit analysis",
 * Biometrics 14 (1958). Their mean over a sample is P(sample > quiet) + ½ P(equal), Mann and Whitney's statistic: the signed area
 * between the two distribution functions on the scale of quiet ranks, a Wasserstein distance that does not depend on the unit.
 *
 * @returns NaN for a bucket that lies across several quiet ones
 */
export function bucketRanks(quiet: BucketDistribution, upperBounds: Float64Array): Float64Array {
  const known = quiet.upperBounds;
  const shareUpTo = (bound: number): number => {
    if (Math.abs(bound) === Infinity) return bound > 0 ? 1 : 0;
    return 1 - shareAbove(quiet, bound);
  };
  return upperBounds.map((end, bucket) => {
    const start = upperBounds[bucket - 1] ?? -Infinity;
    // The quiet buckets that hold this one: a finer one stands where the one around it does.
    const from = known.findLast((bound) => bound <= start) ?? -Infinity;
    const to = known.find((bound) => bound >= end) ?? Infinity;
    const isWithinOne = known.every((bound) => bound <= from || bound >= to);
    if (!isWithinOne && (from !== start || to !== end)) return NaN;
    return (shareUpTo(from) + shareUpTo(to)) / 2;
  });
}

/** What each line counts in each interval of an arm. */
export function lineCounts(
  lines: readonly DistributionLine[],
  quiet: BucketDistribution,
  arm: HistogramArm,
): readonly Counts[] {
  const observed = observedIn(arm);
  return lines.map((line) =>
    line.kind === 'above'
      ? weighedCounts(arm, weightsAbove(arm.upperBounds, line.threshold), observed)
      : weighedCounts(arm, bucketRanks(quiet, arm.upperBounds), observed, RANK_PRECISION),
  );
}
