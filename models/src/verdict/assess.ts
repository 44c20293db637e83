import type { Calibration, CalibratedFamily, MetricCalibration } from '../calibration/calibrate.js';
import type {
  Arm,
  Assessment,
  Carried,
  LiveMetric,
  MetricEvidence,
  MetricRule,
  Reason,
} from '../contract.js';
import type { SequentialMetric } from '../calibration/sequential-metric.js';
import { rankP } from '../fusion/placebo-rank.js';
import { paretoTailProbability } from '../statistical/pareto-tail.js';
import { gaugeValues, ratioCounts } from './live-trace.js';
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
import { decide, type MetricStanding } from './decide.js';
import { passedBurnRate } from './burn-rate.js';
import { passedGuardRail } from './guard-rail.js';
import { agreeingHarmProbability, harmProbability } from './harm-probability.js';
import { judgeByEValue } from './judge-by-e-value.js';
import { judgeByPlacebo } from './judge-by-placebo.js';
import { asEvidence, isMeanWithinTolerance, type JudgedMetric } from './judged-metric.js';

/** What a watch carries before its first look. */
export const INITIAL_CARRIED: Carried = { peak: 0, criticalPeak: 0, p: 1 };

const NOT_PLACED: Reason = { code: 'too-few-samples', text: 'Too few samples since the change.' };

/** The metric's values since the change in its own unit (a ratio as events over total); NaN = no data. */
function unitValues(arm: Arm, look: number): Float64Array {
  if (arm.shape === 'gauge') return gaugeValues(arm, look);
  const { events, totals } = ratioCounts(arm, look);
  return totals.map((total, interval) => (total > 0 ? (events[interval] ?? NaN) / total : NaN));
}

function ruleOf(metric: MetricCalibration): MetricRule {
  return metric.mode === 'none' ? metric.rule : metric.metric.rule;
}

interface Stand {
  readonly rule: MetricRule;
  /** Intervals since the change up to which it is judged: fewer than those of the look where its samples arrive late. */
  readonly look: number;
  /** Intervals that could be compared. */
  readonly coverage: Coverage;
  readonly gap: Reason | undefined;
  /** At the end of the watch: why too little of it was judged to continue. */
  readonly lateGap: Reason | undefined;
  readonly notSeenLately: Reason | undefined;
  readonly judged: JudgedMetric | undefined;
  readonly guardRail: Reason | undefined;
}

/** Judges by an e-process; the last third is asked only where the mean since the change is bounded already. */
function judgeSequentially(
  metric: SequentialMetric,
  { from }: ComparableLive,
  look: number,
  alpha: number,
  coverage: number,
): JudgedMetric | undefined {
  const judged = judgeByEValue(metric, from(0), look, alpha, coverage);
  if (judged === undefined || !isMeanWithinTolerance(judged)) return judged;
  const third = lastThirdFrom(look, metric.rule.warmupLooks);
  const late = judgeByEValue(metric, from(third), look, alpha, coverage);
  return late === undefined ? judged : { ...judged, lastThird: late.sinceChange };
}

function judge(
  metric: MetricCalibration,
  comparable: ComparableLive,
  look: number,
  settings: Calibration['settings'],
  coverage: number,
): JudgedMetric | undefined {
  if (metric.mode === 'none') return undefined;
  return metric.mode === 'placebo'
    ? judgeByPlacebo(metric.metric, metric.own, comparable.from(0), look, settings, coverage)
    : judgeSequentially(metric.metric, comparable, look, settings.alpha, coverage);
}

const NOTHING: LiveMetric = { treatment: { shape: 'gauge', values: new Float64Array(0) } };

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

function stand(calibration: Calibration, metric: MetricCalibration, live: LiveMetric, atLook: number): Stand {
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
  };
  const seenGap =
    look === 0 ? stillLate(rule) : coverageGap(sight, settings.minCoverage, settings.plannedLooks);
  const judged = coverage.seen === 0 ? undefined : judge(metric, comparable, look, settings, coverage.share);
  const unjudged = metric.mode === 'none' ? metric.reason : { ...NOT_PLACED, metric: rule.name };
  const gap = seenGap ?? (judged === undefined ? unjudged : undefined);
  const guardRail = passedGuardRail(rule, values) ?? passedBurnRate(rule, live.treatment, look);
  return {
    rule,
    look,
    coverage,
    gap,
    lateGap: hasEnded ? lateGap(rule, coverage, settings.minCoverage) : undefined,
    notSeenLately: notSeenLately(sight),
    judged: judged && look < atLook ? drawn(judged, atLook) : judged,
    guardRail,
  };
}

/** Running maximum of a placebo family: the largest of its members' weighted peaks. */
function familyPeak(position: number, calibration: Calibration, stands: readonly Stand[]): number {
  return calibration.metrics.reduce((peak, metric, index) => {
    if (metric.mode !== 'placebo' || metric.seat?.family !== position) return peak;
    return Math.max(peak, metric.seat.factor * (stands[index]?.judged?.score ?? 0));
  }, 0);
}

interface FamilyStanding {
  readonly family: CalibratedFamily;
  readonly peak: number;
  /** Its p-value over its share of α: what it puts forward for the whole watch. */
  readonly p: number;
}

/** Carries a p-value beyond the placebos' resolution by a fitted tail, for display alone. */
function extrapolated({ family, peak }: FamilyStanding): number {
  if (!(peak > (family.rank.peaks.at(-1) ?? Infinity))) return 1;
  const tail = paretoTailProbability(family.rank.peaks, peak);
  return 'p' in tail ? Math.min(1, tail.p / family.alphaShare) : 1;
}

/** p that one metric alone would give the whole watch. */
function soloP(metric: MetricCalibration, judged: JudgedMetric, calibration: Calibration): number {
  if (metric.mode === 'sequential') return metric.alphaShare > 0 ? judged.p / metric.alphaShare : 1;
  if (metric.mode === 'none' || metric.seat === undefined) return 1;
  const family = calibration.families[metric.seat.family];
  return family === undefined ? 1 : rankP(family.rank, metric.seat.factor * judged.score) / family.alphaShare;
}

/** Shares of the evidence: decades that each deciding metric would bring alone. */
function contributions(solo: readonly number[]): readonly number[] {
  const decades = solo.map((p) => Math.max(0, -Math.log10(p)));
  const total = decades.reduce((sum, value) => sum + value, 0);
  return decades.map((value) => (total > 0 ? value / total : 0));
}

function evidenceOf(each: Stand, contribution: number): MetricEvidence {
  if (each.judged !== undefined && each.gap === undefined) return asEvidence(each.judged, contribution);
  const reason = each.gap ?? { ...NOT_PLACED, metric: each.rule.name };
  return {
    kind: 'insufficient',
    name: each.rule.name,
    required: each.rule.required,
    coverage: each.coverage.share,
    reason,
  };
}

function standingOf(each: Stand, solo: number, alpha: number): MetricStanding {
  const { rule, look, coverage, gap, lateGap: late, notSeenLately, judged } = each;
  const isAdvisory = rule.criticality === 'advisory';
  return {
    name: rule.name,
    isAdvisory,
    isRequired: rule.required,
    coverage: coverage.share,
    seen: coverage.seen,
    look,
    lateLooks: rule.lateLooks ?? 0,
    gap,
    lateGap: late,
    notSeenLately,
    judged: gap === undefined ? judged : undefined,
    isDeciding: !isAdvisory && judged !== undefined && solo <= alpha,
  };
}

/** How much of the planned watch could be judged so far, 0–1: the mean over the metrics that may decide. */
function seenShare(stands: readonly Stand[], plannedLooks: number): number {
  const deciding = stands.filter(({ rule }) => rule.criticality !== 'advisory');
  const seen = deciding.reduce((sum, { gap, coverage, look }) => {
    if (gap !== undefined) return sum;
    return sum + (coverage.seen / Math.max(1, coverage.judged)) * Math.min(1, look / plannedLooks);
  }, 0);
  return seen / Math.max(1, deciding.length);
}

/**
 * Judges a watch at one look. Reads `live` up to `look` and nothing behind it; the same inputs give the same bits.
 *
 * @param live one entry per metric of the snapshot, arrays of at least `look` intervals
 * @param look intervals since the change, 1 … plannedLooks
 * @param carried what the look before handed on; `INITIAL_CARRIED` before the first
 */
export function assess(
  calibration: Calibration,
  live: readonly LiveMetric[],
  look: number,
  carried: Carried,
): Assessment {
  const { settings } = calibration;
  const stands = calibration.metrics.map((metric, index) =>
    stand(calibration, metric, live[index] ?? NOTHING, look),
  );
  const solo = calibration.metrics.map((metric, index) => {
    const judged = stands[index]?.judged;
    return judged === undefined ? 1 : soloP(metric, judged, calibration);
  });
  const families = calibration.families.map((family, position): FamilyStanding => {
    const before = family.isCritical ? carried.criticalPeak : carried.peak;
    const peak = Math.max(before, familyPeak(position, calibration, stands));
    return { family, peak, p: rankP(family.rank, peak) / family.alphaShare };
  });
  const sequential = solo.filter((_, index) => calibration.metrics[index]?.mode === 'sequential');
  const ranked = Math.min(1, ...families.map((family) => family.p));
  const p = Math.min(carried.p, ranked, ...sequential);
  const shown = Math.min(p, ...families.map(extrapolated));
  const peakOf = (isCritical: boolean, before: number): number =>
    families.find(({ family }) => family.isCritical === isCritical)?.peak ?? before;
  const decision = decide(calibration, {
    look,
    p,
    guardRail: stands.map((each) => each.guardRail).find((reason) => reason !== undefined),
    standings: stands.map((each, index) => standingOf(each, solo[index] ?? 1, settings.alpha)),
  });
  const shares = contributions(
    solo.map((value, index) => (stands[index]?.rule.criticality === 'advisory' ? 1 : value)),
  );
  const seen = seenShare(stands, settings.plannedLooks);
  const believed = harmProbability(shown, settings.prior, seen);
  return {
    look,
    ...decision,
    p: shown,
    pExtrapolated: shown < p,
    harmProbability: agreeingHarmProbability(believed, settings.prior, p <= settings.alpha, {
      isGuardRail: decision.rule === 'guard-rail',
      isRollback: decision.value === 'rollback',
    }),
    metrics: stands.map((each, index) => evidenceOf(each, shares[index] ?? 0)),
    carried: { peak: peakOf(false, carried.peak), criticalPeak: peakOf(true, carried.criticalPeak), p },
  };
}
