/** A distribution as observations by bucket: `counts[b]` of them at most `upperBounds[b]` and above the bound before. */
export interface BucketDistribution {
  /** Ascending; the last may be +∞. */
  readonly upperBounds: Float64Array;
  /** Same length, ≥ 0; fractions are allowed. */
  readonly counts: Float64Array;
}

/** Where a bucket begins: at the bound before; the first one at 0, or at its own end where that is not above 0 (as in Prometheus). */
function lowerEnd({ upperBounds }: BucketDistribution, bucket: number): number {
  return upperBounds[bucket - 1] ?? Math.min(0, upperBounds[0] ?? 0);
}

/** Part of a bucket that lies above a value, 0–1: observations are taken to lie evenly within a bucket, and those of an endless one above all. */
function partAbove(distribution: BucketDistribution, bucket: number, value: number): number {
  const high = distribution.upperBounds[bucket] ?? NaN;
  const low = lowerEnd(distribution, bucket);
  if (value <= low) return 1;
  if (value >= high) return 0;
  return high === Infinity ? 1 : (high - value) / (high - low);
}

/** How many observations there are. */
export function observations({ counts }: BucketDistribution): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/**
 * Share of observations above a value, linear within a bucket.
 *
 * @returns 0–1; NaN for an empty distribution
 */
export function shareAbove(distribution: BucketDistribution, value: number): number {
  const { counts } = distribution;
  let above = 0;
  for (let bucket = 0; bucket < counts.length; bucket++)
    above += (counts[bucket] ?? 0) * partAbove(distribution, bucket, value);
  return above / observations(distribution);
}

/** A value read off a distribution. */
interface BucketValue {
  readonly value: number;
  /** False where it lies beyond the last finite bound, which is then the value: all that is known is that it is no smaller. */
  readonly isBounded: boolean;
}

/**
 * The value that a share of the observations lies above: the quantile 1 − share, linear within its bucket as Prometheus'
 * `histogram_quantile` is. Inverse of `shareAbove` where that falls.
 *
 * @param share in [0, 1]; what lies outside is cut
 * @returns NaN for an empty distribution
 * @example valueAtShareAbove({ upperBounds: [1, 2], counts: [10, 10] }, 0.25) // { value: 1.5, isBounded: true }
 */
export function valueAtShareAbove(distribution: BucketDistribution, share: number): BucketValue {
  const { upperBounds, counts } = distribution;
  const total = observations(distribution);
  if (!(total > 0)) return { value: NaN, isBounded: false };
  let above = Math.min(1, Math.max(0, share)) * total;
  const lowest = counts.findIndex((count) => count > 0);
  for (let bucket = counts.length - 1; bucket >= 0; bucket--) {
    const count = counts[bucket] ?? 0;
    if (count === 0) continue;
    const high = upperBounds[bucket] ?? NaN;
    const low = lowerEnd(distribution, bucket);
    // The lowest occupied bucket takes what rounding leaves.
    if (above >= count && bucket > lowest) {
      above -= count;
      continue;
    }
    if (high === Infinity) return { value: low, isBounded: above >= count };
    return { value: high - (high - low) * Math.min(1, above / count), isBounded: true };
  }
  return { value: NaN, isBounded: false };
}
