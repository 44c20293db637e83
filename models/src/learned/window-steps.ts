import { stepMeans } from './step-means.js';
import { STEPS } from './window-shape.js';

/** Where a window lies on a metric's grid. All indices and widths are intervals. */
export interface WindowPlace {
  /** Index of the first interval after the change. */
  readonly at: number;
  /** Intervals of the whole planned watch; it decides how wide a step is. */
  readonly plannedLooks: number;
  /** Distances of the reference days, in intervals. */
  readonly lags: readonly number[];
  /** Intervals after the change that are declared warm-up (default 0). */
  readonly warmupLooks?: number;
  /** Intervals between the change and the stretch before it that it is compared with (default 0). */
  readonly gap?: number;
  /** Intervals of that stretch that may be read (default: all 60 steps). */
  readonly depth?: number;
}

/**
 * What a window is made of: means of steps around one moment, today and on each day of reference, a control group last. Each line holds
 * the `STEPS` before and the `STEPS` after the moment; NaN = missing or not yet.
 */
export interface WindowSteps {
  readonly today: Float64Array;
  readonly days: readonly Float64Array[];
}

/**
 * Intervals a step: the smallest whole number with which the planned watch fits into `STEPS` steps. Means over equal numbers
 * of intervals keep every sample of a long watch, where its last 60 intervals would forget how it began, and need no
 * interpolation, which would make neighbouring steps dependent.
 *
 * @example stepWidth(60) // 1
 * @example stepWidth(180) // 3
 */
export function stepWidth(plannedLooks: number): number {
  return Math.max(1, Math.ceil(plannedLooks / STEPS));
}

/** Whole steps of a watch that have happened at a look. */
export function stepsAt(look: number, plannedLooks: number): number {
  return Math.min(STEPS, Math.floor(look / stepWidth(plannedLooks)));
}

/** Steps at the beginning of a watch that are declared warm-up, a begun one counted whole. */
export function warmupSteps({ plannedLooks, warmupLooks = 0 }: WindowPlace): number {
  return Math.ceil(warmupLooks / stepWidth(plannedLooks));
}

/**
 * Fills in the steps after a moment.
 *
 * @param line of `2 · STEPS` values; those after the moment are written
 * @param values series that holds the watch
 * @param from index of the watch's first interval in `values`
 * @param end steps that have happened
 */
export function setStepsAfter(
  line: Float64Array,
  values: Float64Array,
  from: number,
  end: number,
  place: WindowPlace,
): void {
  const width = stepWidth(place.plannedLooks);
  const first = warmupSteps(place);
  if (end > first) line.set(stepMeans(values, from + first * width, width, end - first), STEPS + first);
}

/** The stretch before a moment and the stretch after it, in steps, in one piece. */
function stretch(values: Float64Array, place: WindowPlace, lag: number, end: number): Float64Array {
  const { at, plannedLooks, gap = 0, depth = Infinity } = place;
  const width = stepWidth(plannedLooks);
  const before = Math.min(STEPS, Math.floor(depth / width));
  const out = new Float64Array(2 * STEPS).fill(NaN);
  out.set(stepMeans(values, at - gap - lag - before * width, width, before), STEPS - before);
  setStepsAfter(out, values, at - lag, end, place);
  return out;
}

/**
 * The steps around one moment.
 *
 * @param control a concurrent control group on the same grid; it counts as one more reference day
 * @param end steps that have happened; nothing behind them is read
 * @throws RangeError on a lag that is not positive
 */
export function windowSteps(
  values: Float64Array,
  control: Float64Array | undefined,
  place: WindowPlace,
  end: number,
): WindowSteps {
  if (place.lags.some((lag) => !(lag > 0))) throw new RangeError('lags must be greater than 0 intervals');
  const days = place.lags.map((lag) => stretch(values, place, lag, end));
  if (control !== undefined) days.push(stretch(control, place, 0, end));
  return { today: stretch(values, place, 0, end), days };
}
