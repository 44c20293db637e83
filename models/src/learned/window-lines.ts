import type { Direction } from '../contract.js';
import { median } from '../statistical/quantile.js';
import { referenceLine } from './reference-line.js';
import { windowScale } from './window-scale.js';
import { STEPS } from './window-shape.js';
import { stepsAt, warmupSteps, windowSteps, type WindowPlace, type WindowSteps } from './window-steps.js';

/** How a window is read. */
export interface WindowReading {
  /** The movement that harms. `both` is asked twice, once each way: see `LearnedScorer`. */
  readonly direction: Exclude<Direction, 'both'>;
  /** Smallest scale in the unit of the values, ≥ 0 (default 0): movements far below it are not taken for many standard units. */
  readonly smallestScale?: number;
}

/** One look of one metric at one moment, live or placebo. */
export interface WindowRequest extends WindowPlace, WindowReading {
  /** History and, for a live watch, the samples since the change; NaN = missing. Preferably on the metric's transformed scale. */
  readonly values: Float64Array;
  /** Intervals seen since the change; nothing from `at + look` on is read. */
  readonly look: number;
  /** A concurrent control group on the same grid; it counts as one more reference day. */
  readonly control?: Float64Array;
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

/** A line as it was known when `end` steps had happened. */
function until(line: Float64Array, end: number): Float64Array {
  return line.map((value, step) => (step < STEPS + end ? value : NaN));
}

/**
 * The four windows of one look, read from the steps of a whole watch.
 *
 * @param end steps that have happened; later ones are not read
 * @param warmup steps at the beginning that are declared warm-up
 * @returns undefined when too little is known before the change or nothing of the watch has happened
 */
export function linesOfSteps(
  steps: WindowSteps,
  end: number,
  warmup: number,
  { direction, smallestScale = 0 }: WindowReading,
): WindowLines | undefined {
  const today = until(steps.today, end);
  const before = today.subarray(0, STEPS);
  const after = today.subarray(STEPS);
  if (before.filter((value) => !Number.isNaN(value)).length < FEWEST_BEFORE) return undefined;
  if (after.every((value) => Number.isNaN(value))) return undefined;
  const days = steps.days.map((day) => until(day, end));
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
    happened: Math.max(0, end - warmup),
    level: Math.abs(centre) / scale,
  };
}

/**
 * The four windows of one look: before and after the change, today and on the reference days.
 *
 * @returns undefined when too little is known before the change or nothing of the watch has happened
 * @throws RangeError on a `look` below 0 or a lag that is not positive
 */
export function windowLines(request: WindowRequest): WindowLines | undefined {
  const { values, look, plannedLooks, control } = request;
  if (!(look >= 0)) throw new RangeError(`look must be at least 0 intervals, got ${look}`);
  const end = stepsAt(look, plannedLooks);
  return linesOfSteps(windowSteps(values, control, request, end), end, warmupSteps(request), request);
}
