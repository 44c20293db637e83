import type { MetricEvidence, MetricRule, Reason } from '../contract.js';
import type { BoundedEffect } from './effect-on-units.js';
import { reaches } from './effect-on-units.js';

/** What was expected of a metric in each interval, in its unit, with the band that quiet intervals keep to. */
export interface JudgedLines {
  readonly expected: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** What one metric says at one look, before fusion. */
export interface JudgedMetric extends JudgedLines {
  readonly rule: MetricRule;
  /** Comparable running score; 1 = as extreme as the worst 5 % of quiet watches. */
  readonly score: number;
  /** Own sequential p-value. */
  readonly p: number;
  /** Of an e-process: natural log of its e-value at this look, negative where the look speaks against harm. */
  readonly logE?: number;
  /** How far the arms are apart, in units of how far instances typically differ; where they never ran side by side before. */
  readonly apart?: number;
  readonly effect: BoundedEffect;
  /** Since the change, without choosing an onset: what `tolerance` is held against. */
  readonly sinceChange: BoundedEffect;
  /** The same over the last third of the watch so far, so that a late onset is not hidden in the mean; absent: not known. */
  readonly lastThird?: BoundedEffect;
  readonly onsetLook: number | undefined;
  readonly baseline: string;
  readonly scorer: string;
  /** Of a histogram: the quantile, in (0, 1), that `effect` and the lines speak of. */
  readonly quantile?: number;
  readonly coverage: number;
}

/** Whether the point estimate harms by at least the metric's practical minimum. */
export function isBeyondMinEffect({ rule, effect }: Pick<JudgedMetric, 'rule' | 'effect'>): boolean {
  const { relative, absolute } = effect.effect;
  const harms = rule.direction === 'both' ? Math.sign(absolute) : rule.direction === 'up' ? 1 : -1;
  return reaches(rule.minEffect, harms * relative, harms * absolute);
}

/** Whether all of the effect's interval harms by at least the metric's practical minimum. */
export function isSurelyBeyondMinEffect({ rule, effect }: JudgedMetric): boolean {
  const { relativeLow, relativeHigh } = effect.effect;
  const up = reaches(rule.minEffect, relativeLow, effect.absoluteLow);
  const down = reaches(rule.minEffect, -relativeHigh, -effect.absoluteHigh);
  if (rule.direction === 'both') return up || down;
  return rule.direction === 'up' ? up : down;
}

/** Whether the harmful end of an interval stays below the tolerance. */
export function staysWithin({ tolerance, direction }: MetricRule, bounded: BoundedEffect): boolean {
  if (!bounded.isBounded) return false;
  const { relativeLow, relativeHigh } = bounded.effect;
  const up = !reaches(tolerance, relativeHigh, bounded.absoluteHigh);
  const down = !reaches(tolerance, -relativeLow, -bounded.absoluteLow);
  if (direction === 'both') return up && down;
  return direction === 'up' ? up : down;
}

/** Whether the mean since the change is bounded below the tolerance; never, when no tolerance is set. */
export function isMeanWithinTolerance({ rule, sinceChange }: JudgedMetric): boolean {
  const { relative, absolute } = rule.tolerance;
  return (relative !== undefined || absolute !== undefined) && staysWithin(rule, sinceChange);
}

/** Whether the harmful ends of both intervals, of the mean since the change and of its last third, stay below the tolerance. */
export function isWithinTolerance(metric: JudgedMetric): boolean {
  const { rule, lastThird } = metric;
  return lastThird !== undefined && isMeanWithinTolerance(metric) && staysWithin(rule, lastThird);
}

/**
 * The contract's form of a judged metric.
 * @param unproven why it bars a `continue` although it cannot roll back
 */
export function asEvidence(
  metric: JudgedMetric,
  contribution: number,
  unproven: Reason | undefined,
): MetricEvidence {
  const { rule } = metric;
  const evidence = {
    kind: 'judged' as const,
    name: rule.name,
    unit: rule.unit,
    criticality: rule.criticality,
    required: rule.required,
    score: metric.score,
    contribution,
    p: metric.p,
    effect: metric.effect.effect,
    beyondMinEffect: isBeyondMinEffect(metric),
    withinTolerance: isWithinTolerance(metric),
    ...(unproven === undefined ? {} : { unproven }),
    baseline: metric.baseline,
    scorer: metric.scorer,
    ...(metric.quantile === undefined ? {} : { quantile: metric.quantile }),
    coverage: metric.coverage,
    expected: metric.expected,
    low: metric.low,
    high: metric.high,
  };
  return metric.onsetLook === undefined ? evidence : { ...evidence, onsetLook: metric.onsetLook };
}
