import type { Calibration, MetricCalibration } from '../calibration/calibrate.js';
import type { Arm, LearnedPeak, LiveMetric, MetricRule, Reason } from '../contract.js';
import { rankP } from '../fusion/placebo-rank.js';
import { passedBurnRate } from './burn-rate.js';
import { comparableLive, type ComparableLive } from './comparable-live.js';
import {
  coverageGap,
  lastThirdFrom,
  lateGap,
  measureCoverage,
  notSeenLately,
  ofWatch,
  type Coverage,
  type Sight,
} from './coverage.js';
import { passedGuardRail } from './guard-rail.js';
import { judgeByEValue } from './judge-by-e-value.js';
import { judgeByPlacebo } from './judge-by-placebo.js';
import { judgeHistogramByEValue, judgeHistogramByPlacebo } from './judge-histogram.js';
import { isMeanWithinTolerance, type JudgedMetric } from './judged-metric.js';
import { gaugeValues, medians, ratioCounts } from './live-trace.js';
import { unprovenHarm } from './unproven-harm.js';

/** The metric's values since the change in its own unit (a ratio as events over total, a histogram's median); NaN = no data. */
function unitValues(arm: Arm, look: number): Float64Array {
  if (arm.shape === 'gauge') return gaugeValues(arm, look);
  if (arm.shape === 'histogram') return medians(arm, look);
  const { events, totals } = ratioCounts(arm, look);
  return totals.map((total, interval) => (total > 0 ? (events[interval] ?? NaN) / total : NaN));
}

/** Said of a metric that nothing else explains. */
export const NOT_PLACED: Reason = { code: 'too-few-samples', text: 'Too few samples since the change.' };

/** The rule of a metric, however it is judged. */
export function ruleOf(metric: MetricCalibration): MetricRule {
  return metric.mode === 'none' ? metric.rule : metric.metric.rule;
}

/** How one metric stands at one look. */
export interface Stand {
  readonly rule: MetricRule;
  /** Intervals since the change up to which it is judged: fewer than those of the look where its samples arrive late. */
  readonly look: number;
  /** Its own values since the change in its unit, one per interval up to `look`; NaN = no data. */
  readonly values: Float64Array;
  /** Requests by interval, of a ratio. */
  readonly totals?: Float64Array;
  /** Intervals that could be compared. */
  readonly coverage: Coverage;
  readonly gap: Reason | undefined;
  /** At the end of the watch: why too little of it was judged to continue. */
  readonly lateGap: Reason | undefined;
  readonly notSeenLately: Reason | undefined;
  /** Why it is no ground to continue although nothing is proven against it. */
  readonly unproven: Reason | undefined;
  readonly judged: JudgedMetric | undefined;
  readonly guardRail: Reason | undefined;
  /** How alike the instances of this watch are, 1 where that is not asked; see `instanceLikeness`. */
  readonly likeness: number;
  /** The loudest that the learned scorer got so far, of a metric that it is asked about. */
  readonly learned?: LearnedPeak;
}

/** What is known of a watch beside its samples. */
export interface Beside {
  /** How alike the instances of this watch are (default 1), see `instanceLikeness`. */
  readonly likeness?: number;
  readonly learned?: LearnedPeak | undefined;
}

/** Judges by an e-process; the last third is asked only where the mean since the change is bounded already. */
function judgeSequentially(
  metric: Extract<MetricCalibration, { mode: 'sequential' }>['metric'],
  { from }: ComparableLive,
  look: number,
  alpha: number,
  coverage: number,
  likeness: number,
): JudgedMetric | undefined {
  const judgeFrom = (interval: number): JudgedMetric | undefined =>
    'lines' in metric
      ? judgeHistogramByEValue(metric, from(interval), look, alpha, coverage)
      : judgeByEValue(metric, from(interval), look, alpha, coverage, likeness);
  const judged = judgeFrom(0);
  if (judged === undefined || !isMeanWithinTolerance(judged)) return judged;
  const third = lastThirdFrom(look, metric.rule.warmupLooks);
  const late = judgeFrom(third);
  return late === undefined ? judged : { ...judged, lastThird: late.sinceChange };
}

function judge(
  metric: MetricCalibration,
  comparable: ComparableLive,
  look: number,
  settings: Calibration['settings'],
  coverage: number,
  { likeness = 1, learned }: Beside,
): JudgedMetric | undefined {
  if (metric.mode === 'none') return undefined;
  if (metric.mode === 'sequential')
    return judgeSequentially(metric.metric, comparable, look, settings.alpha, coverage, likeness);
  const { metric: own } = metric;
  return 'lines' in own
    ? judgeHistogramByPlacebo(own, metric.own, comparable.from(0), look, settings, coverage)
    : judgeByPlacebo(own, metric.own, comparable.from(0), look, settings, coverage, learned);
}

function stillLate({ name, lateLooks }: MetricRule): Reason {
  const text = `${name} is judged ${lateLooks ?? 0} intervals after the other metrics, because its samples arrive that late.`;
  return { code: 'settling', metric: name, text };
}

/** Lines of a metric that is judged late, as long as those of the others. */
function drawn(judged: JudgedMetric, look: number): JudgedMetric {
  const line = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: look }, (_, interval) => values[interval] ?? NaN);
  return { ...judged, expected: line(judged.expected), low: line(judged.low), high: line(judged.high) };
}

/**
 * Judges one metric at one look, with all that a decision asks of it. Reads `live` up to `atLook` and nothing behind it.
 *
 * @param atLook intervals since the change
 */
export function stand(
  calibration: Calibration,
  metric: MetricCalibration,
  live: LiveMetric,
  atLook: number,
  beside: Beside = {},
): Stand {
  const { settings } = calibration;
  const rule = ruleOf(metric);
  const look = Math.max(0, atLook - (rule.lateLooks ?? 0));
  const hasEnded = atLook >= settings.plannedLooks;
  const values = unitValues(live.treatment, look);
  const isSent = (interval: number): boolean => !Number.isNaN(values[interval] ?? NaN);
  const comparable = comparableLive(metric, live, look, isSent);
  const soFar = measureCoverage(comparable.isComparable, look, rule.warmupLooks);
  // What is unjudged now is judged at a later look, but after the last one there is none.
  const coverage = hasEnded ? ofWatch(soFar, atLook, rule.warmupLooks) : soFar;
  const sight: Sight = {
    name: rule.name,
    sent: measureCoverage(isSent, look, rule.warmupLooks),
    comparable: soFar,
    comparator: comparable.comparator,
    hasLostBounds: values.some((_, interval) => comparable.isLostBound(interval)),
  };
  const seenGap =
    look === 0 ? stillLate(rule) : coverageGap(sight, settings.minCoverage, settings.plannedLooks);
  const judged =
    coverage.seen === 0 ? undefined : judge(metric, comparable, look, settings, coverage.share, beside);
  const unjudged = metric.mode === 'none' ? metric.reason : { ...NOT_PLACED, metric: rule.name };
  const gap = seenGap ?? (judged === undefined ? unjudged : undefined);
  const guardRail = passedGuardRail(rule, values) ?? passedBurnRate(rule, live.treatment, look);
  return {
    rule,
    look,
    values,
    ...(live.treatment.shape === 'ratio' ? { totals: ratioCounts(live.treatment, look).totals } : {}),
    coverage,
    gap,
    lateGap: hasEnded ? lateGap(rule, coverage, settings.minCoverage) : undefined,
    notSeenLately: notSeenLately(sight),
    unproven: judged && unprovenHarm(metric, judged),
    judged: judged && look < atLook ? drawn(judged, atLook) : judged,
    guardRail,
    likeness: beside.likeness ?? 1,
    ...(beside.learned === undefined ? {} : { learned: beside.learned }),
  };
}

/** p that one metric alone would give the whole watch, in (0, 1]. */
export function soloP(metric: MetricCalibration, judged: JudgedMetric, calibration: Calibration): number {
  if (metric.mode === 'sequential') return metric.alphaShare > 0 ? judged.p / metric.alphaShare : 1;
  if (metric.mode === 'none' || metric.seat === undefined) return 1;
  const family = calibration.families[metric.seat.family];
  return family === undefined ? 1 : rankP(family.rank, metric.seat.factor * judged.score) / family.alphaShare;
}
