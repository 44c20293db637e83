import { quantileSorted } from '../statistical/quantile.js';

/** A monotone map to a scale on which equal ratios (log) or equal differences (linear) are equally far apart. */
export type Transform =
  | { readonly kind: 'log'; readonly offset: number }
  | { readonly kind: 'linear'; readonly center: number; readonly scale: number };

/** One robust standard deviation of a linear metric counts like a relative change of about 20 %. */
const LINEAR_STEP = 0.2;
/** 5th to 95th percentile of a normal distribution, in standard deviations. */
const NORMAL_90_WIDTH = 3.29;
/** Share of the median that is added before the logarithm, so that values near zero do not dominate. */
const MEDIAN_OFFSET_SHARE = 0.1;
/** The same for metrics that are mostly zero, as a share of their positive median. */
const POSITIVE_OFFSET_SHARE = 0.02;

/**
 * Chooses the scale from the history alone, so that nothing after the change can bend it.
 *
 * @param history values in the metric's unit; NaN = missing
 * @param zeroUnit what counts as one unit of change for a metric that was zero throughout (> 0)
 * @returns undefined when the history holds no value
 */
export function fitTransform(history: Float64Array, zeroUnit: number): Transform | undefined {
  const sorted = history.filter(Number.isFinite).sort();
  if (sorted.length === 0) return undefined;
  const middle = quantileSorted(sorted, 0.5);
  if ((sorted[0] ?? 0) < 0) {
    const width = (quantileSorted(sorted, 0.95) - quantileSorted(sorted, 0.05)) / NORMAL_90_WIDTH;
    return { kind: 'linear', center: middle, scale: width || Math.abs(middle) || zeroUnit };
  }
  const positive = sorted.filter((value) => value > 0);
  if (positive.length === 0) return { kind: 'log', offset: zeroUnit };
  const typical = quantileSorted(positive, 0.5);
  const mostlyZero = positive.length < sorted.length / 2;
  return {
    kind: 'log',
    offset: mostlyZero ? typical : Math.max(MEDIAN_OFFSET_SHARE * middle, POSITIVE_OFFSET_SHARE * typical),
  };
}

/** Value in the metric's unit → transformed scale; NaN stays NaN. */
export function forward(transform: Transform, value: number): number {
  return transform.kind === 'log'
    ? Math.log(Math.max(0, value) + transform.offset)
    : (LINEAR_STEP * (value - transform.center)) / transform.scale;
}

/** Transformed scale → value in the metric's unit. */
export function inverse(transform: Transform, transformed: number): number {
  return transform.kind === 'log'
    ? Math.max(0, Math.exp(Math.min(transformed, 700)) - transform.offset)
    : transform.center + (transformed * transform.scale) / LINEAR_STEP;
}

/** Smallest baseline that a relative change is divided by, so that a zero baseline gives a finite share. */
export function baselineFloor(transform: Transform): number {
  return transform.kind === 'log' ? transform.offset : transform.scale;
}

/** Transforms a whole series. */
export function forwardAll(transform: Transform, values: Float64Array): Float64Array {
  return values.map((value) => forward(transform, value));
}
