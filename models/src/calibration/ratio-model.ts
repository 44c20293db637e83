import type { MetricHistory } from '../contract.js';
import { ratioTrace, wholeDeviation, type RatioWindow } from '../scoring/ratio-trace.js';
import { median } from '../statistical/quantile.js';
import { ratioBaselineTotal, ratioSeries, ratioViews, type RatioSeries } from './ratio-views.js';
import type { Replay } from './replay.js';
import { isFit, type ReplayPlan } from './replay-plan.js';
import { credibleViews, type View, type ViewName } from './view.js';

/** All that is kept of a ratio to judge it live. */
export interface RatioModel {
  readonly shape: 'ratio';
  readonly views: readonly View[];
  /** Requests behind the baseline. */
  readonly baselineTotal: number;
}

interface Moment {
  readonly at: number;
  readonly views: readonly View[];
  readonly baselineTotal: number;
}

function windowAt(series: RatioSeries, moment: Moment, views: readonly View[], looks: number): RatioWindow {
  const { at, baselineTotal } = moment;
  return {
    events: series.counts.events.subarray(at, at + looks),
    totals: series.counts.totals.subarray(at, at + looks),
    expectedRatios: views.map((view) => view.after),
    baselineTotal,
  };
}

function forecastErrors(series: RatioSeries, moments: readonly Moment[], looks: number) {
  const errors = new Map<ViewName, number[]>();
  for (const moment of moments) {
    const window = windowAt(series, moment, [], looks);
    for (const view of moment.views) {
      const error = Math.abs(wholeDeviation(window, view.after));
      if (Number.isNaN(error)) continue;
      const found = errors.get(view.name) ?? [];
      found.push(error);
      errors.set(view.name, found);
    }
  }
  return errors;
}

/** Replays a ratio at every placebo and prepares the live watch; undefined when there is no exposure to compare with. */
export function replayRatio(history: MetricHistory, plan: ReplayPlan): Replay<RatioModel> | undefined {
  const { treatment, control } = history;
  if (treatment.shape !== 'ratio') return undefined;
  const series = ratioSeries(treatment, control?.shape === 'ratio' ? control : undefined, plan);
  const momentAt = (at: number): Moment => ({
    at,
    views: ratioViews(series, at, plan),
    baselineTotal: ratioBaselineTotal(series, at, plan),
  });
  const moments = plan.placebos.map(momentAt);
  const weights = credibleViews(
    forecastErrors(
      series,
      moments.filter((_, index) => isFit(index)),
      plan.looks,
    ),
    median,
  );
  const live = momentAt(plan.changeIndex);
  const credible = (views: readonly View[]): readonly View[] =>
    views.filter((view) => weights.has(view.name));
  if (credible(live.views).length === 0 || live.baselineTotal === 0) return undefined;
  return {
    traces: moments.map((moment) => ratioTrace(windowAt(series, moment, credible(moment.views), plan.looks))),
    model: { shape: 'ratio', views: credible(live.views), baselineTotal: live.baselineTotal },
  };
}
