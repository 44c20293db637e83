import { selectSmallest } from './select-smallest.js';

/** Makes the median absolute deviation estimate the standard deviation of a normal sample: 1 / Φ⁻¹(3/4). */
const NORMAL_CONSISTENCY = 1.482602218505602;

/** Median of the first `count` values, which it reorders. */
function medianInPlace(buffer: Float64Array, count: number): number {
  if (count === 0) return NaN;
  const values = buffer.subarray(0, count);
  const middle = count >> 1;
  const upper = selectSmallest(values, middle);
  if (count % 2 === 1) return upper;
  // Selecting left the smaller half in front, its largest is the other neighbour of the middle.
  let lower = -Infinity;
  for (let i = 0; i < middle; i += 1) lower = Math.max(lower, values[i] ?? NaN);
  return lower === upper ? lower : lower + (upper - lower) / 2;
}

/**
 * Quantile by linear interpolation between order statistics, type 7 of Hyndman & Fan (1996), the default of R and numpy.
 *
 * @param sorted ascending, without NaN.
 * @param p in [0, 1].
 * @returns NaN when `sorted` is empty.
 * @throws RangeError when p lies outside [0, 1] or is NaN.
 * @example quantileSorted(Float64Array.of(1, 2, 4), 0.75) // 3
 */
export function quantileSorted(sorted: Float64Array, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie in [0, 1], got ${p}`);
  if (sorted.length === 0) return NaN;
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below] ?? NaN;
  const share = position - below;
  // An infinite neighbour that has no share must not turn the result into NaN.
  if (share === 0) return low;
  const high = sorted[below + 1] ?? low;
  return low === high ? low : low + share * (high - low);
}

/**
 * Median of the values that are not NaN.
 *
 * @returns NaN when there is none.
 * @example median([3, NaN, 1]) // 2
 */
export function median(values: ArrayLike<number>): number {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if (value === value) kept[count++] = value;
  }
  return medianInPlace(kept, count);
}

/**
 * Median absolute deviation × 1.4826, so that it estimates the standard deviation of a normal sample (Hampel 1974); NaN is skipped.
 *
 * @param centre what to measure from; the median when left out.
 * @returns ≥ 0 in the unit of the values; NaN when there is no value.
 * @example medianAbsoluteDeviation([1, 2, 3, 4, 100]) // 1.4826
 */
export function medianAbsoluteDeviation(values: ArrayLike<number>, centre: number = median(values)): number {
  const distances = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i += 1) {
    const distance = Math.abs((values[i] ?? NaN) - centre);
    if (distance === distance) distances[count++] = distance;
  }
  return NORMAL_CONSISTENCY * medianInPlace(distances, count);
}
