import type { MetricKind } from '../contract.js';
import { longRunVariance } from '../statistical/autocorrelation.js';

/** An estimated shift of a mean with the variance of the estimate. */
export interface MeanShift {
  readonly difference: number;
  readonly variance: number;
  /** Mean that it is a shift from. */
  readonly baseline: number;
  /** Between arms that never ran side by side before: the difference in units of how far instances typically differ. */
  readonly apart?: number;
}

/** Fewer intervals say nothing about a variance. */
const FEWEST = 5;
/**
 * How far instances of one release differ from each other (standard deviation, log units): part of every comparison of arms that never
 * ran side by side before. Between replicas of the public Sock Shop runs (training part) half of the differences lie within ±0.05 for
 * memory and threads, ±0.1–0.2 for CPU time and ±0.1–0.3 for traffic. Nothing was measured of the others.
 */
const INSTANCE_SPREAD: Readonly<Record<MetricKind, number>> = {
  error: 0.1,
  latency: 0.1,
  business: 0.1,
  saturation: 0.2,
  traffic: 0.4,
};
/** A variance from n autocorrelated samples is uncertain: it is widened by 1 + this/n, chosen by the A/A bench. */
const VARIANCE_WIDENING = 8;
/** Smallest standard deviation of a single interval, transformed scale. */
const SPREAD_FLOOR = 0.01;

function seen(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Long-run variance of one interval, widened for the few samples that it comes from. */
function cautiousVariance(values: Float64Array, floor: number): number {
  const count = seen(values).length;
  return Math.max(floor, longRunVariance(values) || 0) * (1 + VARIANCE_WIDENING / Math.max(1, count));
}

/** The line without a step at `from`: what is left is noise, whether anything happened there or not. */
function withoutStep(values: Float64Array, from: number): Float64Array {
  const [early, late] = [mean(seen(values.subarray(0, from))), mean(seen(values.subarray(from)))];
  return values.map((value, index) => value - (index < from ? early : late));
}

/**
 * Variance of the difference between the means of two stretches, from how each of them wanders.
 *
 * @param floor smallest variance of a single interval
 * @returns NaN when nothing was seen on one side
 */
export function wanderingVariance(before: Float64Array, after: Float64Array, floor: number): number {
  const calm = cautiousVariance(before, floor);
  return calm / seen(before).length + Math.max(calm, cautiousVariance(after, floor)) / seen(after).length;
}

/**
 * Mean after the change against the mean before it (transformed scale). A weaker comparison than a concurrent control: a
 * drift of the whole service looks like a shift.
 *
 * @param drift mean squared drift of quiet watches, 0 when unknown
 * @param onset first interval since the change that counts; what came before it still tells how the line wanders
 * @returns undefined with fewer than 5 intervals on either side
 */
export function shiftOverTime(
  before: Float64Array,
  after: Float64Array,
  drift: number,
  onset = 0,
): MeanShift | undefined {
  const then = seen(before);
  const now = seen(after.subarray(onset));
  if (then.length < FEWEST || now.length < FEWEST) return undefined;
  const floor = SPREAD_FLOOR ** 2;
  const calm = cautiousVariance(before, floor);
  const noise = Math.max(calm, cautiousVariance(withoutStep(after, onset), floor));
  const variance = calm / then.length + noise / now.length + drift;
  return { difference: mean(now) - mean(then), variance, baseline: mean(then) };
}

/** Interval-by-interval difference of two lines; NaN where either is missing. */
function differences(treatment: Float64Array, control: Float64Array): Float64Array {
  return treatment.map((value, index) => value - (control[index] ?? NaN));
}

/** What is known of how far instances of one release differ. */
export interface Instances {
  readonly kind: MetricKind;
  /** Factor on the spread that is typical of the kind, in (0, 1]; see `instanceLikeness`. */
  readonly likeness: number;
}

/**
 * Treatment against concurrent control (transformed scale), corrected by how far apart the arms were before, where both
 * have enough history; else unknown differences between instances enter the variance.
 *
 * @param onset first interval since the change that counts
 * @returns undefined with fewer than 5 common intervals since then
 */
export function shiftAgainstControl(
  before: { readonly treatment: Float64Array; readonly control: Float64Array },
  after: { readonly treatment: Float64Array; readonly control: Float64Array },
  drift: number,
  instances: Instances,
  onset = 0,
): MeanShift | undefined {
  const apart = differences(after.treatment, after.control);
  const now = seen(apart.subarray(onset));
  if (now.length < FEWEST) return undefined;
  const control = seen(after.control.subarray(onset));
  const earlier = differences(before.treatment, before.control);
  const then = seen(earlier);
  const baseline = mean(control);
  if (then.length < 2 * FEWEST) {
    const typical = INSTANCE_SPREAD[instances.kind];
    const spread = typical * instances.likeness;
    const noise = cautiousVariance(withoutStep(apart, onset), SPREAD_FLOOR ** 2);
    const variance = noise / now.length + spread ** 2;
    return { difference: mean(now), variance, baseline, apart: mean(now) / typical };
  }
  const shift = shiftOverTime(earlier, apart, drift, onset);
  return shift && { ...shift, baseline: baseline + mean(then) };
}
