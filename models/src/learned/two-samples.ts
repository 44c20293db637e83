import { quantileSorted } from '../statistical/quantile.js';

/** Ascending values without NaN. */
export function sortedSeen(values: Float64Array): Float64Array {
  const seen = new Float64Array(values.length);
  let count = 0;
  for (const value of values) if (!Number.isNaN(value)) seen[count++] = value;
  return seen.subarray(0, count).sort();
}

/**
 * Probability that a value of `after` exceeds one of `before` minus the reverse probability (Cliff 1993, "Dominance
 * statistics"): the Mann-Whitney statistic on a scale without sample sizes.
 *
 * @param before ascending, not empty
 * @param after ascending, not empty
 * @returns in [−1, 1]; 0 for equal samples
 */
export function dominance(before: Float64Array, after: Float64Array): number {
  let below = 0;
  let upTo = 0;
  let sum = 0;
  for (const value of after) {
    while (below < before.length && (before[below] ?? NaN) < value) below++;
    while (upTo < before.length && (before[upTo] ?? NaN) <= value) upTo++;
    sum += below - (before.length - upTo);
  }
  return sum / (before.length * after.length);
}

/**
 * Energy distance of two samples (Székely & Rizzo 2013), √(2 ∫ (F − G)² dx): 0 for equal samples, sensitive to level,
 * spread and shape alike.
 *
 * @param x ascending, not empty
 * @param y ascending, not empty
 * @returns ≥ 0 in the square root of the values' unit
 */
export function energyDistance(x: Float64Array, y: Float64Array): number {
  let i = 0;
  let j = 0;
  let integral = 0;
  let last = Math.min(x[0] ?? NaN, y[0] ?? NaN);
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
    integral += (i / x.length - j / y.length) ** 2 * (next - last);
    while ((x[i] ?? Infinity) === next) i++;
    while ((y[j] ?? Infinity) === next) j++;
    last = next;
  }
  return Math.sqrt(2 * integral);
}

/** Share of an ascending sample above a limit. */
export function shareAbove(sorted: Float64Array, limit: number): number {
  let from = sorted.length;
  while (from > 0 && (sorted[from - 1] ?? NaN) > limit) from--;
  return 1 - from / sorted.length;
}

/** Mean and standard deviation (division by n). */
export function moments(values: Float64Array): { readonly mean: number; readonly deviation: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** Interquartile range of an ascending sample. */
export function quartileRange(sorted: Float64Array): number {
  return quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25);
}
