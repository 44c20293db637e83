import type { Guarantee, MetricEvidence, Reason } from '@bellwether/models';
import type { VerdictRule } from '../../domain/verdict.js';
import type { UnjudgedWindow } from './prepare-window.js';
import type { WindowId } from './recorded-window.js';
import type { Rehearsal } from './rehearse-window.js';

/** What one metric showed, as written for a window. */
export interface MetricLine {
  readonly name: string;
  /** Share of the evidence, 0–1. */
  readonly contribution: number;
  /** Relative change, 0.15 = +15 %; null where it is not known. */
  readonly effect: number | null;
  /** Interval of the change; an open end is null. */
  readonly interval: readonly [low: number | null, high: number | null] | null;
  /** The metric's own p-value, not corrected for the others. */
  readonly p: number | null;
  /** Share of the intervals up to the verdict that could be compared, 0–1. */
  readonly coverage: number;
  /** Why it was not judged. */
  readonly problem?: string;
}

/** The line of one window. */
export interface VerdictLine {
  readonly id: WindowId;
  readonly verdict: Rehearsal['value'];
  /** Seconds since 1970 at the end of the interval that decided; null where no look was taken. */
  readonly decided_at: number | null;
  readonly harmProbability: number;
  readonly p: number;
  readonly guarantee: Guarantee;
  readonly metrics: readonly MetricLine[];
  readonly reasons: readonly Reason[];
  readonly rule: VerdictRule;
  /** Intervals looked at until the verdict, and of the whole watch. */
  readonly looks: number;
  readonly plannedLooks: number;
  /** Coverage of every interval of `metrics`. */
  readonly level: number | null;
  /** Independent quiet watches that the calibration is worth; 0 without any. */
  readonly effectivePlacebos: number;
}

/** The line of a window that could not be judged for what is wrong with it or with the engine. */
export interface ErrorLine {
  readonly id: WindowId | null;
  readonly line: number;
  readonly verdict: 'inconclusive';
  readonly error: string;
}

/** A verdict with its metrics in the order of what they contributed. */
export function verdictLine(
  id: WindowId,
  rehearsal: Rehearsal,
  watch: { readonly changeAtMs: number; readonly intervalMs: number; readonly plannedLooks: number },
): VerdictLine {
  const { assessment, calibration, look } = rehearsal;
  const level = assessment.metrics.find((metric) => metric.kind === 'judged')?.effect.level;
  return {
    id,
    verdict: rehearsal.value,
    decided_at: (watch.changeAtMs + look * watch.intervalMs) / 1000,
    harmProbability: assessment.harmProbability,
    p: assessment.p,
    guarantee: assessment.guarantee,
    metrics: assessment.metrics.map(metricLine).sort((a, b) => b.contribution - a.contribution),
    reasons: rehearsal.reasons,
    rule: rehearsal.rule,
    looks: look,
    plannedLooks: watch.plannedLooks,
    level: level ?? null,
    effectivePlacebos: calibration.effectivePlacebos,
  };
}

/** The line of a window without anything to look at. */
export function unjudgedLine(id: WindowId, { reason, prior }: UnjudgedWindow): VerdictLine {
  return {
    id,
    verdict: 'inconclusive',
    decided_at: null,
    harmProbability: prior,
    p: 1,
    guarantee: 'none',
    metrics: [],
    reasons: [reason],
    rule: 'not-enough-data',
    looks: 0,
    plannedLooks: 0,
    level: null,
    effectivePlacebos: 0,
  };
}

function metricLine(metric: MetricEvidence): MetricLine {
  if (metric.kind === 'insufficient')
    return {
      name: metric.name,
      contribution: 0,
      effect: null,
      interval: null,
      p: null,
      coverage: metric.coverage,
      problem: metric.reason.text,
    };
  const { relative, relativeLow, relativeHigh } = metric.effect;
  return {
    name: metric.name,
    contribution: metric.contribution,
    effect: finite(relative),
    interval: [finite(relativeLow), finite(relativeHigh)],
    p: metric.p,
    coverage: metric.coverage,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
