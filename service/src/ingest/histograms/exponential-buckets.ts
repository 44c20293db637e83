import type { UpTo } from './histogram-point.js';

/** Bounds of a finer resolution are thinned to 2^(1/8), 9 % apart, as those of native histograms that are read from a Prometheus. */
const FINEST_SCALE = 3;
/** More buckets than this on one side are merged until they are fewer. */
const MOST_BUCKETS = 320;

/** Exponential buckets of one histogram: bucket `i` of a side holds what lies in (base^(i−1), base^i] with base = 2^(2^−scale). */
export interface ExponentialBuckets {
  readonly scale: number;
  readonly positive: ReadonlyMap<number, number>;
  /** By the same rule for absolute values. */
  readonly negative: ReadonlyMap<number, number>;
  readonly zeros: number;
  /** What lies within this distance of zero counts as zero. */
  readonly zeroThreshold: number;
}

/**
 * Cumulated counts at both ends of every bucket that is filled, ascending; beyond them nothing was observed.
 * @example cumulateBuckets({ scale: 0, positive: new Map([[1, 3]]), negative: new Map(), zeros: 0, zeroThreshold: 0 }) // 1 → 0, 2 → 3
 */
export function cumulateBuckets(buckets: ExponentialBuckets): readonly UpTo[] {
  const { scale, positive, negative } = coarsened(buckets);
  const ends: [low: number, high: number, count: number][] = [];
  const bound = (index: number): number => 2 ** (index / 2 ** scale);
  for (const [index, count] of negative) ends.push([-bound(index), -bound(index - 1), count]);
  if (buckets.zeros > 0) ends.push([-buckets.zeroThreshold, buckets.zeroThreshold, buckets.zeros]);
  for (const [index, count] of positive) ends.push([bound(index - 1), bound(index), count]);
  const filled = ends.filter(([, , count]) => count > 0).toSorted(([, a], [, b]) => a - b);
  const upTo: UpTo[] = [];
  let sum = 0;
  for (const [low, high, count] of filled) {
    // The zero bucket may reach into the first bucket: then only its upper end can be told.
    if (low !== high && low > (upTo.at(-1)?.bound ?? -Infinity)) upTo.push({ bound: low, count: sum });
    sum += count;
    if (upTo.at(-1)?.bound === high) upTo.pop();
    upTo.push({ bound: high, count: sum });
  }
  return upTo.filter(({ bound: each }) => Number.isFinite(each));
}

function coarsened(buckets: ExponentialBuckets): Pick<ExponentialBuckets, 'scale' | 'positive' | 'negative'> {
  let { scale, positive, negative } = buckets;
  while (scale > FINEST_SCALE || positive.size > MOST_BUCKETS || negative.size > MOST_BUCKETS) {
    scale -= 1;
    positive = halved(positive);
    negative = halved(negative);
  }
  return { scale, positive, negative };
}

/** Two neighbours each become one bucket of the next coarser scale. */
function halved(side: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const merged = new Map<number, number>();
  for (const [index, count] of side) {
    const into = Math.ceil(index / 2);
    merged.set(into, (merged.get(into) ?? 0) + count);
  }
  return merged;
}

/** Both histograms in one, at the coarser of their resolutions. */
export function addBuckets(a: ExponentialBuckets, b: ExponentialBuckets): ExponentialBuckets {
  const scale = Math.min(a.scale, b.scale);
  const side = (of: 'positive' | 'negative'): ReadonlyMap<number, number> => {
    const sums = new Map(atScale(a, of, scale));
    for (const [index, count] of atScale(b, of, scale)) sums.set(index, (sums.get(index) ?? 0) + count);
    return sums;
  };
  return {
    scale,
    positive: side('positive'),
    negative: side('negative'),
    zeros: a.zeros + b.zeros,
    zeroThreshold: Math.max(a.zeroThreshold, b.zeroThreshold),
  };
}

function atScale(
  buckets: ExponentialBuckets,
  of: 'positive' | 'negative',
  scale: number,
): ReadonlyMap<number, number> {
  let side = buckets[of];
  for (let at = buckets.scale; at > scale; at -= 1) side = halved(side);
  return side;
}
