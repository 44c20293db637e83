import type { MetricHistory, MetricRule, Reason } from '../contract.js';
import type { ReplayPlan } from './replay-plan.js';
import { driftVariance } from '../scoring/drift-variance.js';
import { between, prefixSums } from '../series/prefix-sums.js';
import { cleanGauge } from '../series/clean-gauge.js';
import { cleanCounts, type Counts } from '../series/clean-counts.js';
import { fitTransform, forwardAll, type Transform } from '../series/transform.js';

/** A gauge whose past is too short for placebos. */
interface SequentialGauge {
  readonly shape: 'gauge';
  /** Absent when neither arm had a history: then the control's first samples choose it. */
  readonly transform?: Transform;
  /** The last quiet intervals before the change, transformed scale; same length. */
  readonly treatment: Float64Array;
  readonly control: Float64Array | undefined;
  /** Mean squared drift of quiet watches, where the history is long enough to show it. */
  readonly drift: number;
}

/** A ratio whose past is too short for placebos. */
interface SequentialRatio {
  readonly shape: 'ratio';
  readonly treatment: Counts;
  readonly control: Counts | undefined;
  /** Mean squared drift of quiet watches on the square-root scale; undefined where the history is too short to show it. */
  readonly drift: number | undefined;
}

/** One metric, ready to be judged by an e-process. */
export interface SequentialMetric {
  readonly rule: MetricRule;
  /** Intervals between the end of its past and the change. */
  readonly gap: number;
  readonly past: SequentialGauge | SequentialRatio;
}

/** Whether it cannot tell harm from its own drift, so that no movement of it can roll back. */
export function isDriftUnknown(past: SequentialMetric['past']): boolean {
  return past.shape === 'ratio' && past.control === undefined && past.drift === undefined;
}

/** What the replayed watches of a metric look like, in intervals. */
type WatchShape = Pick<ReplayPlan, 'gap' | 'looks' | 'hasLevel'>;

/** Longest stretch before the change that is compared with, in intervals. */
const LONGEST_BEFORE = 60;
/** Without a control, fewer intervals before the change are no baseline. */
export const FEWEST_BEFORE = 10;

function seenIn(values: Float64Array): number {
  return values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
}

/** The intervals that a watch is compared with: the last ones before the excluded stretch at the end, if there is one. */
function lastOf(values: Float64Array, gap: number): Float64Array {
  const to = Math.max(0, values.length - gap);
  return values.slice(Math.max(0, to - LONGEST_BEFORE), to);
}

function driftOf(watch: WatchShape, length: number, level: (from: number, to: number) => number) {
  return driftVariance({ ...watch, length, before: LONGEST_BEFORE }, level);
}

function gaugePast(history: MetricHistory, watch: WatchShape): SequentialGauge | undefined {
  const { gap } = watch;
  const { rule, treatment, control } = history;
  if (treatment.shape !== 'gauge') return undefined;
  const own = cleanGauge(treatment.values);
  const other = control?.shape === 'gauge' ? cleanGauge(control.values) : undefined;
  if (other === undefined && seenIn(lastOf(own, gap)) < FEWEST_BEFORE) return undefined;
  const zeroUnit = rule.minEffect.absolute ?? rule.tolerance.absolute ?? 1;
  const transform = fitTransform(own, zeroUnit) ?? (other && fitTransform(other, zeroUnit));
  if (transform === undefined)
    return { shape: 'gauge', treatment: lastOf(own, gap), control: other && lastOf(other, gap), drift: 0 };
  const line = forwardAll(transform, own);
  const beside = other && forwardAll(transform, other);
  const apart = beside === undefined ? line : line.map((value, index) => value - (beside[index] ?? NaN));
  const sums = prefixSums(apart, (value) => value);
  const counts = prefixSums(apart, () => 1);
  const mean = (from: number, to: number): number => between(sums, from, to) / between(counts, from, to);
  return {
    shape: 'gauge',
    transform,
    treatment: lastOf(line, gap),
    control: beside && lastOf(beside, gap),
    drift: driftOf(watch, apart.length, mean) ?? 0,
  };
}

function ratioPast(history: MetricHistory, watch: WatchShape): SequentialRatio | undefined {
  const { treatment, control } = history;
  if (treatment.shape !== 'ratio') return undefined;
  const lastCounts = ({ events, totals }: Counts): Counts => ({
    events: lastOf(events, watch.gap),
    totals: lastOf(totals, watch.gap),
  });
  const all = cleanCounts(treatment);
  const own = lastCounts(all);
  const other = control?.shape === 'ratio' ? lastCounts(cleanCounts(control)) : undefined;
  const requests = own.totals.filter((total) => total > 0).length;
  if (other === undefined && requests < FEWEST_BEFORE) return undefined;
  const events = prefixSums(all.events, (value) => value);
  const totals = prefixSums(all.totals, (value) => value);
  const root = (from: number, to: number): number =>
    Math.sqrt(between(events, from, to) / between(totals, from, to));
  return {
    shape: 'ratio',
    treatment: own,
    control: other,
    drift: driftOf(watch, all.totals.length, root),
  };
}

/** E-processes know the control and the time just before; a policy and a step without a control group may leave neither. */
function onlyEarlier({ name }: MetricRule): Reason {
  const text = `${name} has nothing to be compared with: there is no control group here, the policy's baselines leave out the time just before, and the history is too short for earlier days or weeks, or these are left out too. Add "before" to the policy's baselines, or lengthen the history for "daily" or "weekly".`;
  return { code: 'no-baseline', metric: name, text };
}

/**
 * Prepares a metric for the e-processes, or says why nothing can be compared.
 *
 * @param history with known deployments and incidents blanked
 */
export function sequentialMetric(history: MetricHistory, watch: WatchShape): SequentialMetric | Reason {
  const { rule } = history;
  if (!watch.hasLevel && history.control === undefined) return onlyEarlier(rule);
  const past = rule.shape === 'gauge' ? gaugePast(history, watch) : ratioPast(history, watch);
  if (past !== undefined) return { rule, gap: watch.gap, past };
  const text = `${rule.name} has no control group and fewer than ${FEWEST_BEFORE} quiet intervals of history, so there is nothing to compare it with.`;
  return { code: 'no-baseline', metric: rule.name, text };
}
