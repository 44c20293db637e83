import type { Direction, MetricHistory } from '../contract.js';
import { gaugeTrace, type QuietSwings } from '../scoring/gauge-trace.js';
import { harmfulPart } from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';
import { cleanGauge } from '../series/clean-gauge.js';
import { fitTransform, type Transform } from '../series/transform.js';
import { median, medianAbsoluteDeviation, quantileSorted } from '../statistical/quantile.js';
import { forecastDistance } from './forecast-distance.js';
import { gaugeResiduals } from './gauge-residuals.js';
import { gaugeSeries, gaugeViews, type GaugeSeries } from './gauge-views.js';
import { levelDepth } from './level-depth.js';
import type { Replay } from './replay.js';
import { isFit, type ReplayPlan } from './replay-plan.js';
import { credibleViews, type View, type ViewName } from './view.js';

/** All that is kept of a gauge to judge it live. */
export interface GaugeModel {
  readonly shape: 'gauge';
  readonly transform: Transform;
  readonly views: readonly View[];
  readonly weights: ReadonlyMap<ViewName, number>;
  /** Standard unit of the residuals for the live watch, transformed scale. */
  readonly scale: number;
  readonly swings: QuietSwings;
  /** Half width of the band that holds 95 % of quiet intervals, in units of the scale. */
  readonly pointBand: number;
}

/** Share of the metric's typical noise in every window's scale: a window that happens to be calm is not taken at its word. */
const TYPICAL_SHARE = 0.3;
/** Smallest scale: 1 % of a change is never many standard units. */
export const SCALE_FLOOR = 0.01;
/** 90th percentile of |z| in standard deviations of a normal distribution. */
const NORMAL_90 = 1.645;

/** All finite values of the lines, mapped and ascending. */
function pooledSorted(lines: readonly Float64Array[], map: (value: number) => number): Float64Array {
  const pooled = new Float64Array(lines.reduce((sum, line) => sum + line.length, 0));
  let filled = 0;
  for (const line of lines) {
    for (const value of line) if (Number.isFinite(value)) pooled[filled++] = map(value);
  }
  return pooled.subarray(0, filled).sort();
}

/** 95th percentile of the size of standardised residuals. */
function pointBand(around: readonly Float64Array[]): number {
  const sizes = pooledSorted(around, Math.abs);
  return sizes.length === 0 ? 0 : quantileSorted(sizes, 0.95);
}

function forecastErrors(values: Float64Array, moments: readonly { at: number; views: readonly View[] }[]) {
  const errors = new Map<ViewName, number[]>();
  for (const { at, views } of moments) {
    for (const view of views) {
      const error = forecastDistance(values, at, view.after);
      if (Number.isNaN(error)) continue;
      const found = errors.get(view.name) ?? [];
      found.push(error);
      errors.set(view.name, found);
    }
  }
  return errors;
}

function quietSwings(direction: Direction, around: readonly Float64Array[]): QuietSwings {
  const harms = pooledSorted(around, (value) => harmfulPart(direction, value));
  const meanHarm = harms.reduce((sum, value) => sum + value, 0) / Math.max(1, harms.length);
  return { meanHarm, tailAt: harms.length === 0 ? 0 : quantileSorted(harms, 0.95) };
}

/** Typical noise of a metric: robust spread, or where it hardly ever moves, the size of its moves. */
function typicalScale(spreads: readonly number[], residuals: readonly Float64Array[]): number {
  const sizes = pooledSorted(residuals, Math.abs);
  const tail = sizes.length === 0 ? 0 : quantileSorted(sizes, 0.9) / NORMAL_90;
  return Math.max(median(spreads) || 0, 0.5 * tail);
}

/** A replayed gauge with its history on the transformed scale. */
interface GaugeReplay extends Replay<GaugeModel> {
  readonly series: GaugeSeries;
}

/** Replays a gauge at every placebo and prepares the live watch; undefined when no forecast can be made. */
export function replayGauge(history: MetricHistory, plan: ReplayPlan): GaugeReplay | undefined {
  const { rule, treatment, control } = history;
  if (treatment.shape !== 'gauge') return undefined;
  const values = cleanGauge(treatment.values);
  const transform = fitTransform(values, rule.minEffect.absolute ?? rule.tolerance.absolute ?? 1);
  if (transform === undefined) return undefined;
  const controlValues = control?.shape === 'gauge' ? cleanGauge(control.values) : undefined;
  const series = gaugeSeries(transform, values, controlValues, plan);
  const depth = levelDepth(series, plan);
  const moments = plan.placebos.map((at) => ({ at, views: gaugeViews(series, at, plan, depth) }));
  const liveViews = gaugeViews(series, plan.changeIndex, plan, depth);
  const weights = credibleViews(
    forecastErrors(
      series.values,
      moments.filter((_, index) => isFit(index)),
    ),
    median,
  );
  if (weights.size === 0 || !liveViews.some((view) => weights.has(view.name))) return undefined;
  const before = (at: number, views: readonly View[]): number => {
    const residuals = gaugeResiduals(
      series.values.subarray(at - plan.gap - plan.before, at - plan.gap),
      views,
      weights,
      'before',
    );
    return medianAbsoluteDeviation(residuals.around, 0) || 0;
  };
  const spreads = moments.map(({ at, views }) => before(at, views));
  const residuals = moments.map(({ at, views }) =>
    gaugeResiduals(series.values.subarray(at, at + plan.looks), views, weights, 'after'),
  );
  const fitted = <T>(each: readonly T[]): readonly T[] => each.filter((_, index) => isFit(index));
  const typical = typicalScale(
    fitted(spreads),
    fitted(residuals).map((each) => each.around),
  );
  const scaleOf = (spread: number): number => spread + TYPICAL_SHARE * typical + SCALE_FLOOR;
  const standardised = residuals.map((each, index) => {
    const scale = scaleOf(spreads[index] ?? 0);
    return { outside: each.outside.map((v) => v / scale), around: each.around.map((v) => v / scale) };
  });
  const around = fitted(standardised).map((each) => each.around);
  const swings = quietSwings(rule.direction, around);
  const traces = standardised.map((each): Trace =>
    gaugeTrace(each.outside, each.around, rule.direction, swings),
  );
  const scale = scaleOf(before(plan.changeIndex, liveViews));
  const views = liveViews
    .filter((view) => weights.has(view.name))
    .map(({ name, after, correction }) => ({
      name,
      after: after.slice(),
      before: new Float64Array(0),
      correction,
    }));
  return {
    traces,
    series,
    model: { shape: 'gauge', transform, views, weights, scale, swings, pointBand: pointBand(around) },
  };
}
