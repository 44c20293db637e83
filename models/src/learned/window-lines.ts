import type { Direction } from '../contract.js';
import { median } from '../statistical/quantile.js';
import { referenceLine } from './reference-line.js';
import { stepMeans } from './step-means.js';
import { windowScale } from './window-scale.js';
import { STEPS } from './window-shape.js';

/** One look of one metric at one moment, live or placebo. All indices and widths are intervals of the series' grid. */
export interface WindowRequest {
  /** History and, for a live watch, the samples since the change; NaN = missing. Preferably on the metric's transformed scale. */
  readonly values: Float64Array;
  /** Index of the first interval after the change. */
  readonly at: number;
  /** Intervals seen since the change; nothing from `at + look` on is read. */
  readonly look: number;
  /** Intervals of the whole planned watch; it decides how wide a step is. */
  readonly plannedLooks: number;
  /** Distances of the reference days, in intervals. */
  readonly lags: readonly number[];
  /** The movement that harms. `both` is asked twice, once each way: see `LearnedScorer`. */
  readonly direction: Exclude<Direction, 'both'>;
  /** A concurrent control group on the same grid; it counts as one more reference day. */
  readonly control?: Float64Array;
  /** Intervals after the change that are declared warm-up (default 0). */
  readonly warmupLooks?: number;
  /** Intervals between the change and the stretch before it that it is compared with (default 0). */
  readonly gap?: number;
  /** Smallest scale in the unit of the values, ≥ 0 (default 0): movements far below it are not taken for many standard units. */
  readonly smallestScale?: number;
}

/** A window in standard units, signed so that up is harm; every line has `STEPS` values, NaN = missing or not yet. */
export interface WindowLines {
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly referenceBefore: Float64Array;
  readonly referenceAfter: Float64Array;
  /** Distance beyond all reference days; 0 between them, NaN where none speaks. */
  readonly outsideBefore: Float64Array;
  readonly outsideAfter: Float64Array;
  /** Reference days that speak. */
  readonly days: number;
  /** Steps of the watch that have happened and are judged. */
  readonly happened: number;
  /** Level just before the change in standard units. */
  readonly level: number;
}

/** Fewer steps before the change say nothing about its noise. */
const FEWEST_BEFORE = 8;

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

/** The stretch before a moment and the stretch after it, in steps, in one piece. */
function stretch(values: Float64Array, request: WindowRequest, lag: number, end: number): Float64Array {
  const width = stepWidth(request.plannedLooks);
  const { at, gap = 0, warmupLooks = 0 } = request;
  const out = new Float64Array(2 * STEPS).fill(NaN);
  out.set(stepMeans(values, at - gap - lag - STEPS * width, width, STEPS));
  const first = Math.ceil(warmupLooks / width);
  if (end > first) {
    out.set(stepMeans(values, at - lag + first * width, width, end - first), STEPS + first);
  }
  return out;
}

/**
 * The four windows of one look: before and after the change, today and on the reference days.
 *
 * @returns undefined when too little is known before the change or nothing of the watch has happened
 * @throws RangeError on a `look` below 0 or a lag that is not positive
 */
export function windowLines(request: WindowRequest): WindowLines | undefined {
  const { values, look, plannedLooks, lags, direction, control, smallestScale = 0 } = request;
  if (!(look >= 0)) throw new RangeError(`look must be at least 0 intervals, got ${look}`);
  if (lags.some((lag) => !(lag > 0))) throw new RangeError('lags must be greater than 0 intervals');
  const end = Math.min(STEPS, Math.floor(look / stepWidth(plannedLooks)));
  const today = stretch(values, request, 0, end);
  const before = today.subarray(0, STEPS);
  const after = today.subarray(STEPS);
  if (before.filter((value) => !Number.isNaN(value)).length < FEWEST_BEFORE) return undefined;
  if (after.every((value) => Number.isNaN(value))) return undefined;
  const days = lags.map((lag) => stretch(values, request, lag, end));
  if (control !== undefined) days.push(stretch(control, request, 0, end));
  const reference = referenceLine(days, STEPS, 2 * STEPS);
  const centre = median(before);
  const scale = windowScale(before, reference.level, smallestScale);
  const unit = direction === 'up' ? 1 / scale : -1 / scale;
  const signed = (line: Float64Array, offset: number): Float64Array =>
    line.map((value) => (value - offset) * unit);
  const outside = today.map((value, step) => {
    const [low, high] = [reference.low[step] ?? NaN, reference.high[step] ?? NaN];
    return (Math.max(0, value - centre - high) + Math.min(0, value - centre - low)) * unit;
  });
  return {
    before: signed(before, centre),
    after: signed(after, centre),
    referenceBefore: signed(reference.level.subarray(0, STEPS), 0),
    referenceAfter: signed(reference.level.subarray(STEPS), 0),
    outsideBefore: outside.subarray(0, STEPS),
    outsideAfter: outside.subarray(STEPS),
    days: reference.days,
    happened: Math.max(0, end - Math.ceil((request.warmupLooks ?? 0) / stepWidth(plannedLooks))),
    level: Math.abs(centre) / scale,
  };
}
