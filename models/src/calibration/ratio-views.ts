import { between, prefixSums } from '../series/prefix-sums.js';
import { cleanCounts, type Counts } from '../series/clean-counts.js';
import type { ReplayPlan } from './replay-plan.js';
import type { View, ViewName } from './view.js';

/** Counts with running sums, so that any stretch is pooled at once. */
export interface PooledCounts {
  readonly events: Float64Array;
  readonly totals: Float64Array;
}

export function poolCounts(counts: Counts): PooledCounts {
  const pool = (values: Float64Array): Float64Array => prefixSums(values, (value) => value);
  return { events: pool(counts.events), totals: pool(counts.totals) };
}

/** A ratio's history, known deployments and incidents blanked, ready for replay. */
export interface RatioSeries {
  readonly counts: Counts;
  readonly pooled: PooledCounts;
  /** Mean ratio around the same time on earlier days, by interval of history and watch: neighbouring moments share most of it. */
  readonly season: Float64Array;
  readonly control?: PooledCounts;
}

/** Intervals that a seasonal ratio is pooled over to each side: single intervals hold too few events. */
const SEASON_HALF_WIDTH = 5;
/** Intervals that a control's ratio is pooled over, up to the one in question. */
const CONTROL_WINDOW = 10;
/** Pseudo-events that keep a level correction near 1 while few events were seen. */
const CORRECTION_PRIOR = 10;

/** Events over totals in `[from, to)`, cut to the line's ends; NaN without exposure. */
function pooledRatio(pooled: PooledCounts, from: number, to: number): number {
  const start = Math.max(0, Math.min(from, pooled.totals.length - 1));
  const end = Math.max(start, Math.min(to, pooled.totals.length - 1));
  const total = between(pooled.totals, start, end);
  return total > 0 ? between(pooled.events, start, end) / total : NaN;
}

/** Mean ratio around the same time on earlier days, leaving out those without exposure; NaN when all are. */
function seasonalRatio(pooled: PooledCounts, index: number, lags: readonly number[]): number {
  let sum = 0;
  let seen = 0;
  for (const lag of lags) {
    const ratio = pooledRatio(pooled, index - lag - SEASON_HALF_WIDTH, index - lag + SEASON_HALF_WIDTH + 1);
    if (Number.isNaN(ratio)) continue;
    sum += ratio;
    seen++;
  }
  return seen === 0 ? NaN : sum / seen;
}

/** Prepares a ratio's history, known deployments and incidents blanked, for replay. */
export function ratioSeries(treatment: Counts, control: Counts | undefined, plan: ReplayPlan): RatioSeries {
  const counts = cleanCounts(treatment);
  const pooled = poolCounts(counts);
  const season = new Float64Array(plan.lags.length === 0 ? 0 : plan.changeIndex + plan.looks);
  for (let index = 0; index < season.length; index++) season[index] = seasonalRatio(pooled, index, plan.lags);
  const series = { counts, pooled, season };
  return control === undefined ? series : { ...series, control: poolCounts(cleanCounts(control)) };
}

/** Multiplies a reference so that it explains the events seen just before `at`. */
function corrected(
  name: ViewName,
  series: RatioSeries,
  at: number,
  plan: ReplayPlan,
  reference: (index: number) => number,
) {
  let expected = 0;
  let seen = 0;
  for (let index = at - plan.gap - plan.before; index < at - plan.gap; index++) {
    const total = series.counts.totals[index] ?? NaN;
    const ratio = reference(index);
    if (!(total > 0) || Number.isNaN(ratio)) continue;
    expected += total * ratio;
    seen += series.counts.events[index] ?? 0;
  }
  const correction = (seen + CORRECTION_PRIOR) / (expected + CORRECTION_PRIOR);
  const after = new Float64Array(plan.looks);
  for (let index = 0; index < plan.looks; index++) after[index] = correction * reference(at + index);
  return { name, before: new Float64Array(0), after, correction };
}

/** Ratio of a control over the last intervals, from `start` on. */
export function trailingRatio(control: PooledCounts, start: number, index: number): number {
  return pooledRatio(control, Math.max(start, index + 1 - CONTROL_WINDOW), index + 1);
}

/** The stretch just before `at` that the level of a ratio rests on. */
function levelStretch(at: number, { gap, levelDepth }: ReplayPlan): readonly [from: number, to: number] {
  return [Math.max(0, at - gap - levelDepth), Math.max(0, at - gap)];
}

/** Requests in the stretch just before `at` that its level rests on. */
export function ratioBaselineTotal(series: RatioSeries, at: number, plan: ReplayPlan): number {
  return between(series.pooled.totals, ...levelStretch(at, plan));
}

/**
 * Forecasts of a ratio from what was known at `at`: pooled just before, pooled around the same time on earlier days, and
 * the concurrent control, the latter two scaled to the events seen just before.
 */
export function ratioViews(series: RatioSeries, at: number, plan: ReplayPlan): readonly View[] {
  const level = pooledRatio(series.pooled, ...levelStretch(at, plan));
  const views: View[] = [];
  if (plan.hasLevel && !Number.isNaN(level)) {
    views.push({
      name: 'level',
      before: new Float64Array(0),
      after: new Float64Array(plan.looks).fill(level),
      correction: 1,
    });
  }
  if (plan.lags.length > 0) {
    views.push(corrected('season', series, at, plan, (index) => series.season[index] ?? NaN));
  }
  const { control } = series;
  if (control !== undefined) {
    views.push(
      corrected('control', series, at, plan, (index) => trailingRatio(control, index < at ? 0 : at, index)),
    );
  }
  return views;
}
