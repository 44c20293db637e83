import type { GuardRail, MetricRule, Reason } from '../contract.js';
import { formatValue } from './format-value.js';

function isPassed(rail: GuardRail, value: number): boolean {
  return (rail.above !== undefined && value > rail.above) || (rail.below !== undefined && value < rail.below);
}

/**
 * Whether the user's absolute limit was passed for `forLooks` consecutive intervals at or before this look. Warm-up is not
 * counted, a missing interval breaks the run, and advisory metrics never decide.
 *
 * @param values the metric in its unit (a ratio as events over total), one per interval since the change
 */
export function passedGuardRail(rule: MetricRule, values: Float64Array): Reason | undefined {
  const rail = rule.guardRail;
  if (rail === undefined || rule.criticality === 'advisory') return undefined;
  let run = 0;
  for (let interval = rule.warmupLooks; interval < values.length; interval++) {
    run = isPassed(rail, values[interval] ?? NaN) ? run + 1 : 0;
    if (run < Math.max(1, rail.forLooks)) continue;
    const limit =
      rail.above !== undefined && (values[interval] ?? 0) > rail.above
        ? `above ${formatValue(rail.above, rule.unit)}`
        : `below ${formatValue(rail.below ?? NaN, rule.unit)}`;
    const text = `${rule.name} stayed ${limit} for ${run} consecutive intervals.`;
    return { code: 'guard-rail-passed', metric: rule.name, text };
  }
  return undefined;
}
