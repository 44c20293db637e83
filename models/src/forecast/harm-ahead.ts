import type { Direction, Reason } from '../contract.js';
import { reaches } from '../verdict/effect-on-units.js';
import type { JudgedMetric } from '../verdict/judged-metric.js';
import { forecastMetric } from './forecast-metric.js';
import { fitTrend, type Trend } from './trend.js';
import { lineBounds, slopeBounds } from './trend-bounds.js';

/** What a metric showed since the change. */
export interface SeenMetric {
  readonly judged: JudgedMetric;
  /** In the metric's unit, one per interval; NaN = missing. */
  readonly values: Float64Array;
  /** Requests by interval, of a ratio. */
  readonly totals?: Float64Array;
}

function meanExpected({ judged, values }: SeenMetric, from: number): number {
  const there = judged.expected.slice(from, values.length).filter(Number.isFinite);
  return there.reduce((sum, value) => sum + value, 0) / there.length;
}

/** Whether the line, by the harmless end of its interval, passes the practical minimum at the horizon. */
function passesMinimum(
  seen: SeenMetric,
  trend: Trend,
  from: number,
  horizonLooks: number,
  harms: 1 | -1,
): boolean {
  const { rule, effect } = seen.judged;
  const { low, high } = lineBounds(trend, horizonLooks);
  const baseline = meanExpected(seen, from);
  const absolute = harms * ((harms > 0 ? low : high) - baseline);
  const { relative, absolute: now } = effect.effect;
  // The effect knows the smallest baseline that a share may be taken of.
  const unit =
    relative === 0 || !Number.isFinite(now / relative) ? Math.abs(baseline) : Math.abs(now / relative);
  return Number.isFinite(absolute) && reaches(rule.minEffect, absolute / unit, absolute);
}

/** Sign of a slope that harms beyond chance. */
function harmfulSlope(direction: Direction, trend: Trend): 1 | -1 | undefined {
  const { low, high } = slopeBounds(trend);
  if (low > 0 && direction !== 'down') return 1;
  return high < 0 && direction !== 'up' ? -1 : undefined;
}

/**
 * Whether a movement that is still below its practical minimum harms before the policy's horizon is over, if it goes on: its
 * slope harms beyond chance, and the line passes the minimum, or a limit is breached, within the horizon. It says nothing of
 * whether the movement is real: callers ask only where the calibrated evidence alone reached α.
 *
 * @returns undefined where the policy sets no horizon, and where no such harm is ahead
 */
export function harmAhead(seen: SeenMetric): Reason | undefined {
  const { judged, values, totals } = seen;
  const { rule } = judged;
  const { horizonLooks } = rule;
  if (horizonLooks === undefined) return undefined;
  const from = judged.onsetLook ?? rule.warmupLooks;
  const trend = fitTrend(values.slice(from));
  if (trend === undefined) return undefined;
  const harms = harmfulSlope(rule.direction, trend);
  if (harms === undefined) return undefined;
  const forecast = forecastMetric({ rule, values, from, ...(totals === undefined ? {} : { totals }) });
  const isBreach = forecast !== undefined && forecast.inLooks <= horizonLooks;
  if (!isBreach && !passesMinimum(seen, trend, from, horizonLooks, harms)) return undefined;
  const what = isBreach
    ? `will reach its limit in about ${forecast.inLooks} intervals`
    : `will pass its practical minimum within the horizon of ${horizonLooks} intervals`;
  const text = `${rule.name} ${harms > 0 ? 'rose' : 'fell'} and, if it goes on like this, ${what}.`;
  return { code: 'harm-forecast', metric: rule.name, text };
}
