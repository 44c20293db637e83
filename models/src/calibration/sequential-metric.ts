import type { MetricHistory, MetricRule, Reason } from '../contract.js';
import { driftVariance } from '../scoring/drift-variance.js';
import { cleanGauge } from '../series/clean-gauge.js';
import { cleanCounts, type Counts } from '../series/clean-counts.js';
import { fitTransform, forwardAll, type Transform } from '../series/transform.js';

/** A gauge whose past is too short for placebos. */
interface SequentialGauge {
  readonly shape: 'gauge';
  /** Absent when neither arm had a history: then the control's first samples choose it. */
  readonly transform?: Transform;
  /** The last intervals before the change, transformed scale; same length. */
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
}

/** One metric, ready to be judged by an e-process. */
export interface SequentialMetric {
  readonly rule: MetricRule;
  readonly past: SequentialGauge | SequentialRatio;
}

/** Longest stretch before the change that is compared with, in intervals. */
const LONGEST_BEFORE = 60;
/** Without a control, fewer intervals before the change are no baseline. */
export const FEWEST_BEFORE = 10;

function seenIn(values: Float64Array): number {
  return values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
}

function lastOf(values: Float64Array): Float64Array {
  return values.slice(Math.max(0, values.length - LONGEST_BEFORE));
}

function lastCounts(counts: Counts): Counts {
  return cleanCounts({ events: lastOf(counts.events), totals: lastOf(counts.totals) });
}

function gaugePast(history: MetricHistory, looks: number): SequentialGauge | undefined {
  const { rule, treatment, control } = history;
  if (treatment.shape !== 'gauge') return undefined;
  const own = cleanGauge(treatment.values);
  const other = control?.shape === 'gauge' ? cleanGauge(control.values) : undefined;
  if (other === undefined && seenIn(lastOf(own)) < FEWEST_BEFORE) return undefined;
  const zeroUnit = rule.minEffect.absolute ?? rule.tolerance.absolute ?? 1;
  const transform = fitTransform(own, zeroUnit) ?? (other && fitTransform(other, zeroUnit));
  if (transform === undefined)
    return { shape: 'gauge', treatment: lastOf(own), control: other && lastOf(other), drift: 0 };
  const line = forwardAll(transform, own);
  const beside = other && forwardAll(transform, other);
  const apart = beside === undefined ? line : line.map((value, index) => value - (beside[index] ?? NaN));
  return {
    shape: 'gauge',
    transform,
    treatment: lastOf(line),
    control: beside && lastOf(beside),
    drift: driftVariance(apart, LONGEST_BEFORE, looks),
  };
}

function ratioPast(history: MetricHistory): SequentialRatio | undefined {
  const { treatment, control } = history;
  if (treatment.shape !== 'ratio') return undefined;
  const own = lastCounts(treatment);
  const other = control?.shape === 'ratio' ? lastCounts(control) : undefined;
  const requests = own.totals.filter((total) => total > 0).length;
  return other === undefined && requests < FEWEST_BEFORE
    ? undefined
    : { shape: 'ratio', treatment: own, control: other };
}

/** Prepares a metric for the e-processes, or says why nothing can be compared. */
export function sequentialMetric(history: MetricHistory, looks: number): SequentialMetric | Reason {
  const { rule } = history;
  const past = rule.shape === 'gauge' ? gaugePast(history, looks) : ratioPast(history);
  if (past !== undefined) return { rule, past };
  const text = `${rule.name} has no control group and fewer than ${FEWEST_BEFORE} intervals of history, so there is nothing to compare it with.`;
  return { code: 'no-baseline', metric: rule.name, text };
}
