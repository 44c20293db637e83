import { forwardAll, type Transform } from '../series/transform.js';
import { movingAverage } from '../series/moving-average.js';
import { median } from '../statistical/quantile.js';
import type { ReplayPlan } from './replay-plan.js';
import type { View } from './view.js';

/** A gauge's history on its transformed scale. */
export interface GaugeSeries {
  readonly values: Float64Array;
  /** Smoothed: what a season is read from. */
  readonly reference: Float64Array;
  readonly control?: Float64Array;
}

const FEWEST_BEFORE = 8;
/** A deep stretch is levelled by the median of so many means: as robust as needed, and nearly as exact as a mean. */
const BLOCKS = 60;

/** Prepares a gauge's history, known deployments and incidents blanked, for replay. */
export function gaugeSeries(
  transform: Transform,
  treatment: Float64Array,
  control: Float64Array | undefined,
  plan: ReplayPlan,
): GaugeSeries {
  const values = forwardAll(transform, treatment);
  const reference = movingAverage(values, plan.smoothing);
  return control === undefined
    ? { values, reference }
    : { values, reference, control: forwardAll(transform, control) };
}

/**
 * Median distance of the series from a curve over `[from, from + depth)`, of `BLOCKS` means where the stretch is deep; NaN when too
 * little was seen.
 */
function levelAbove(series: GaugeSeries, from: number, curve: Float64Array, depth: number): number {
  const block = Math.max(1, Math.round(depth / BLOCKS));
  const distances = new Float64Array(Math.ceil(depth / block));
  let blocks = 0;
  let seen = 0;
  for (let start = 0; start < depth; start += block) {
    let sum = 0;
    let count = 0;
    for (let index = start; index < Math.min(depth, start + block); index++) {
      const distance = (series.values[from + index] ?? NaN) - (curve[index] ?? NaN);
      if (Number.isNaN(distance)) continue;
      sum += distance;
      count++;
    }
    seen += count;
    if (count > 0) distances[blocks++] = sum / count;
  }
  return seen < Math.min(FEWEST_BEFORE, depth / 3) ? NaN : median(distances.subarray(0, blocks));
}

/** A curve over the stretch just before `at` and over its watch, moved to the level that the series had just before `at`. */
interface Levelled {
  readonly line: Float64Array;
  readonly correction: number;
}

function levelled(
  series: GaugeSeries,
  at: number,
  plan: ReplayPlan,
  curve: Float64Array,
  depth: number,
): Levelled | undefined {
  const correction = levelAbove(series, at - plan.gap - depth, curve, depth);
  if (Number.isNaN(correction)) return undefined;
  const line = new Float64Array(curve.length);
  for (let index = 0; index < curve.length; index++) line[index] = (curve[index] ?? NaN) + correction;
  return { line, correction };
}

function asView(
  name: View['name'],
  curve: Levelled | undefined,
  plan: ReplayPlan,
  depth: number,
): readonly View[] {
  if (curve === undefined) return [];
  const { line, correction } = curve;
  return [
    { name, before: line.subarray(depth - plan.before, depth), after: line.subarray(depth), correction },
  ];
}

/** `[at − gap − depth, at − gap)` and `[at, at + looks)` of a line in one piece; NaN beyond its ends. */
function cut(line: Float64Array, at: number, plan: ReplayPlan, depth: number): Float64Array {
  const { gap, looks } = plan;
  const out = new Float64Array(depth + looks).fill(NaN);
  const copy = (from: number, length: number, to: number): void => {
    const part = line.subarray(Math.max(0, from), Math.max(0, Math.min(line.length, from + length)));
    out.set(part, to + Math.max(0, -from));
  };
  copy(at - gap - depth, depth, 0);
  copy(at, looks, depth);
  return out;
}

/** Median of the first `count` values of a short buffer, which it sorts by insertion: a handful of days needs no more. */
function shortMedian(buffer: Float64Array, count: number): number {
  for (let index = 1; index < count; index++) {
    const value = buffer[index] ?? NaN;
    let place = index;
    for (; place > 0 && (buffer[place - 1] ?? NaN) > value; place--) buffer[place] = buffer[place - 1] ?? NaN;
    buffer[place] = value;
  }
  return count === 0 ? NaN : ((buffer[(count - 1) >> 1] ?? NaN) + (buffer[count >> 1] ?? NaN)) / 2;
}

/** Median over lines, value by value, of what is there. */
function pointwiseMedian(lines: readonly Float64Array[], length: number): Float64Array {
  const out = new Float64Array(length);
  const column = new Float64Array(lines.length);
  for (let index = 0; index < length; index++) {
    let seen = 0;
    for (const line of lines) {
      const value = line[index] ?? NaN;
      if (!Number.isNaN(value)) column[seen++] = value;
    }
    out[index] = shortMedian(column, seen);
  }
  return out;
}

function seasonCurve(series: GaugeSeries, at: number, plan: ReplayPlan, depth: number): Levelled | undefined {
  const days = plan.lags
    .map((lag) => levelled(series, at, plan, cut(series.reference, at - lag, plan, depth), depth))
    .filter((day) => day !== undefined)
    .map((day) => day.line);
  if (days.length === 0) return undefined;
  return levelled(series, at, plan, pointwiseMedian(days, depth + plan.looks), depth);
}

/**
 * Forecasts of a gauge from what was known at `at`: the level just before, the same time on earlier days, and (as it comes
 * in) the concurrent control, each moved to the level just before, so that the control view is a difference in differences.
 *
 * @param depth intervals that count as "just before", at least the plan's
 */
export function gaugeViews(
  series: GaugeSeries,
  at: number,
  plan: ReplayPlan,
  depth: number,
): readonly View[] {
  const flat = new Float64Array(depth + plan.looks);
  const control = series.control && levelled(series, at, plan, cut(series.control, at, plan, depth), depth);
  return [
    ...(plan.hasLevel ? asView('level', levelled(series, at, plan, flat, depth), plan, depth) : []),
    ...asView('season', seasonCurve(series, at, plan, depth), plan, depth),
    ...asView('control', control, plan, depth),
  ];
}
