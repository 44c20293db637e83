import { quantileSorted } from '../statistical/quantile.js';

/** The typical spread counts like this many metrics of the watch. */
const PRIOR_METRICS = 4;
/** Median of the absolute value of a standard normal deviate: Φ⁻¹(3/4). */
const NORMAL_MEDIAN = 0.6744897501960817;

/**
 * How alike the new and the old instances of one watch are, by all the metrics in which they never ran side by side before: where
 * most metrics lie close together, the one that does not stands out. An empirical Bayes estimate of a common scale (Efron & Morris
 * 1973, "Stein's estimation rule and its competitors"), by the median, so that a harmed minority of metrics does not hide itself.
 *
 * @param distances difference of each metric in units of the typical spread of its kind, any sign
 * @returns factor on the typical spread, in (0, 1]: instances that differ more than usual are no excuse for harm
 */
export function instanceLikeness(distances: readonly number[]): number {
  if (distances.length === 0) return 1;
  const sizes = Float64Array.from(distances, Math.abs).sort();
  const scale = quantileSorted(sizes, 0.5) / NORMAL_MEDIAN;
  const mixed = (PRIOR_METRICS + sizes.length * scale ** 2) / (PRIOR_METRICS + sizes.length);
  return Math.min(1, Math.sqrt(mixed));
}
