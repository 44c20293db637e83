import { median } from '../statistical/quantile.js';
import { forecastDistance } from './forecast-distance.js';
import { gaugeViews, type GaugeSeries } from './gauge-views.js';
import { isFit, type ReplayPlan } from './replay-plan.js';
import type { ViewName } from './view.js';

/** Fewer say nothing about a forecast's error. */
const FEWEST_COMPARED = 12;
/**
 * A deep stretch must forecast so much better. In a week of simulated minutes the ratio is 0.65–0.92 where the level holds still, 0.74–1.3
 * where it wanders by 0.03 in four hours beside noise of 0.1, and 1.3–2.3 where it wanders ten times as far.
 */
const WORTH = 0.95;

/** Typical distance of the best forecast at the placebos; Infinity when there are too few. */
function bestDistance(
  series: GaugeSeries,
  moments: readonly number[],
  plan: ReplayPlan,
  depth: number,
): number {
  const distances = new Map<ViewName, number[]>();
  for (const at of moments) {
    for (const { name, after } of gaugeViews(series, at, plan, depth)) {
      const distance = forecastDistance(series.values, at, after);
      if (Number.isNaN(distance)) continue;
      distances.set(name, [...(distances.get(name) ?? []), distance]);
    }
  }
  const measured = [...distances.values()].filter((each) => each.length >= FEWEST_COMPARED);
  return Math.min(Infinity, ...measured.map(median));
}

/**
 * How long a stretch just before a moment the level of a gauge rests on: the plan's, or a deeper one where this forecasts the means of
 * placebo watches clearly better. A level that holds still is known better from more of it; one that wanders is old after an hour.
 *
 * @returns intervals, `plan.before` or `plan.deepBefore`; only placebos that fit units have a say
 */
export function levelDepth(series: GaugeSeries, plan: ReplayPlan): number {
  const { before, deepBefore, placebos } = plan;
  if (deepBefore <= before) return before;
  const moments = placebos.filter((_, index) => isFit(index));
  const shallow = bestDistance(series, moments, plan, before);
  return bestDistance(series, moments, plan, deepBefore) < WORTH * shallow ? deepBefore : before;
}
