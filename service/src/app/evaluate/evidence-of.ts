import {
  quantileLine,
  type Arm,
  type Assessment,
  type CalibrationSummary,
  type LiveMetric,
  type MetricEvidence,
  type Snapshot,
} from '@bellwether/models';
import type { EncodedArm, Evidence, MetricPlot } from '../../domain/evidence.js';
import type { Watch } from '../../domain/watch.js';
import type { ReadMetric } from '../window/read-metric.js';
import { nameProblems } from './name-problems.js';

/** At least this many intervals of history are drawn before the change. */
const MIN_HISTORY_POINTS = 60;

/** Drawn of a histogram of which no quantile stands out. */
const UNSAID_QUANTILE = 0.5;

/** Intervals of history that the plots of a watch show, where there are so many. */
export function plottedHistory(watch: Watch): number {
  return Math.max(MIN_HISTORY_POINTS, watch.plannedLooks);
}

/** Everything that a report shows of a look and that judging it again needs. */
export function evidenceOf(
  watch: Watch,
  snapshotHash: string,
  snapshot: Snapshot,
  live: readonly ReadMetric[],
  scored: Assessment,
  calibration: CalibrationSummary,
): Evidence {
  const assessment = nameProblems(scored, live);
  return {
    deploymentId: watch.deploymentId,
    watchId: watch.id,
    look: assessment.look,
    changeAtMs: watch.changeAtMs,
    snapshotHash,
    live: live.map((metric, i) => ({
      name: snapshot.metrics[i]?.rule.name ?? '',
      treatment: encodeArm(metric.treatment),
      ...(metric.control ? { control: encodeArm(metric.control) } : {}),
    })),
    carriedIn: watch.carried,
    assessment: { ...assessment, metrics: assessment.metrics.map(withoutArrays) },
    calibration,
    plots: live.map((metric, i) => plotOf(snapshot, i, metric, assessment.metrics[i], watch)),
  };
}

function withoutArrays(evidence: MetricEvidence): Record<string, unknown> {
  if (evidence.kind === 'insufficient') return { ...evidence };
  const { expected, low, high, ...rest } = evidence;
  return rest;
}

function plotOf(
  snapshot: Snapshot,
  index: number,
  live: LiveMetric,
  evidence: MetricEvidence | undefined,
  watch: Watch,
): MetricPlot {
  const history = snapshot.metrics[index];
  const shown = Math.min(snapshot.changeIndex, plottedHistory(watch));
  const judged = evidence?.kind === 'judged' ? evidence : undefined;
  const quantile = judged?.quantile ?? UNSAID_QUANTILE;
  const before = (arm: Arm | undefined): (number | null)[] =>
    arm ? values(arm, snapshot.changeIndex - shown, quantile) : [];
  const blank = new Array<null>(shown).fill(null);
  const control = live.control
    ? { control: [...before(history?.control), ...values(live.control, 0, quantile)] }
    : {};
  return {
    name: history?.rule.name ?? '',
    unit: history?.rule.unit ?? '',
    fromMs: watch.changeAtMs - shown * watch.intervalMs,
    intervalMs: watch.intervalMs,
    warmupMs: (history?.rule.warmupLooks ?? 0) * watch.intervalMs,
    live: [...before(history?.treatment), ...values(live.treatment, 0, quantile)],
    ...control,
    expected: [...blank, ...numbers(judged?.expected ?? [])],
    low: [...blank, ...numbers(judged?.low ?? [])],
    high: [...blank, ...numbers(judged?.high ?? [])],
  };
}

/** @param quantile of a histogram, in (0, 1) */
function values(arm: Arm, from: number, quantile: number): (number | null)[] {
  if (arm.shape === 'gauge') return numbers(arm.values.subarray(from));
  if (arm.shape === 'histogram') {
    const counts = arm.counts.map((line) => line.subarray(from));
    return numbers(quantileLine({ ...arm, counts }, quantile));
  }
  const { events, totals } = arm;
  const ratios = new Float64Array(totals.length - from);
  for (let k = 0; k < ratios.length; k++) ratios[k] = (events[from + k] ?? NaN) / (totals[from + k] ?? NaN);
  return numbers(ratios);
}

function encodeArm(arm: Arm): EncodedArm {
  switch (arm.shape) {
    case 'gauge':
      return { shape: 'gauge', values: numbers(arm.values) };
    case 'ratio':
      return { shape: 'ratio', events: numbers(arm.events), totals: numbers(arm.totals) };
    case 'histogram':
      return { ...arm, upperBounds: numbers(arm.upperBounds), counts: arm.counts.map(numbers) };
  }
}

/** Every look comes through here, so a plain loop: `Array.from` with a function takes several times as long. */
function numbers(array: ArrayLike<number>): (number | null)[] {
  const out: (number | null)[] = [];
  for (let k = 0; k < array.length; k++) {
    const value = array[k] ?? NaN;
    out.push(Number.isFinite(value) ? value : null);
  }
  return out;
}
