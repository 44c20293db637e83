import { FEWEST_BEFORE, type SequentialMetric } from '../calibration/sequential-metric.js';
import type { LiveMetric, MetricRule } from '../contract.js';
import { countDispersion } from '../scoring/count-dispersion.js';
import { gaugeValues, ratioCounts } from './live-trace.js';
import {
  shiftAgainstControl,
  shiftOverTime,
  wanderingVariance,
  type MeanShift,
} from '../scoring/mean-shift.js';
import type { Counts } from '../series/clean-counts.js';
import { fitTransform, forwardAll, inverse, type Transform } from '../series/transform.js';
import { mixtureLogCountEValue } from '../statistical/count-e-process.js';
import { logMeanDifferenceEValue, meanDifferenceInterval } from '../statistical/mean-difference-e-process.js';
import { effectOnUnits, gaugeScale, ratioScale, type UnitScale } from './effect-on-units.js';
import type { JudgedMetric } from './judged-metric.js';
import { overOnsets } from './over-onsets.js';

/** Size of harm that the e-processes are built to find, in log units, when no practical minimum is larger. */
const PRIOR_SCALE = 0.2;
/** Normal 97.5 % point, for bands around single intervals. */
const NORMAL_975 = 1.96;

interface Finding {
  readonly logE: number;
  /** From the onset that speaks most of harm. */
  readonly shift: MeanShift;
  readonly sinceChange: MeanShift;
  /** That onset, intervals since the change. */
  readonly onset: number;
  readonly scale: UnitScale;
  readonly baselineValue: number;
  readonly priorScale: number;
  readonly baseline: string;
  readonly scorer: string;
  readonly lines: {
    readonly expected: Float64Array;
    readonly low: Float64Array;
    readonly high: Float64Array;
  };
}

function bandLines(
  length: number,
  expected: (interval: number) => number,
  half: number,
  read: (value: number) => number,
) {
  const line = (offset: number): Float64Array =>
    Float64Array.from({ length }, (_, interval) => read(expected(interval) + offset));
  return { expected: line(0), low: line(-half), high: line(half) };
}

function spread(values: Float64Array): number {
  const seen = values.filter((value) => !Number.isNaN(value));
  const mean = seen.reduce((sum, value) => sum + value, 0) / Math.max(1, seen.length);
  return Math.sqrt(seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, seen.length - 1));
}

/** A gauge as it is compared: both stretches of both arms, transformed. */
interface GaugeComparison {
  readonly transform: Transform;
  readonly control: Float64Array | undefined;
  /** What is compared, interval by interval: with the control where there is one, else the past itself. */
  readonly line: Float64Array;
  readonly shiftFrom: (onset: number) => MeanShift | undefined;
}

function compareGauge(
  { rule, past }: SequentialMetric,
  live: LiveMetric,
  look: number,
  likeness: number,
): GaugeComparison | undefined {
  if (past.shape !== 'gauge') return undefined;
  const rawControl = past.control === undefined ? undefined : gaugeValues(live.control, look);
  const firstControl = rawControl?.slice(0, rule.warmupLooks + FEWEST_BEFORE);
  const transform: Transform | undefined =
    past.transform ?? (firstControl && fitTransform(firstControl, rule.minEffect.absolute ?? 1));
  if (transform === undefined) return undefined;
  const after = forwardAll(transform, gaugeValues(live.treatment, look)).fill(
    NaN,
    0,
    Math.min(look, rule.warmupLooks),
  );
  const control = rawControl && forwardAll(transform, rawControl);
  const shiftFrom = (onset: number): MeanShift | undefined =>
    past.control !== undefined && control !== undefined
      ? shiftAgainstControl(
          { treatment: past.treatment, control: past.control },
          { treatment: after, control },
          past.drift,
          { kind: rule.kind, likeness },
          onset,
        )
      : shiftOverTime(past.treatment, after, past.drift, onset);
  const line =
    control === undefined ? past.treatment : after.map((value, index) => value - (control[index] ?? NaN));
  return { transform, control, line, shiftFrom };
}

function gaugeFinding(
  metric: SequentialMetric,
  live: LiveMetric,
  look: number,
  likeness: number,
): Finding | undefined {
  const { rule } = metric;
  const compared = compareGauge(metric, live, look, likeness);
  const sinceChange = compared?.shiftFrom(rule.warmupLooks);
  if (compared === undefined || sinceChange === undefined) return undefined;
  const { transform, control, line, shiftFrom } = compared;
  const priorScale = Math.max(PRIOR_SCALE, Math.log1p(rule.minEffect.relative ?? 0));
  const { logE, shift, onset } = overOnsets(rule.warmupLooks, look, sinceChange, shiftFrom, (each) =>
    logMeanDifferenceEValue({ ...each, priorScale, direction: rule.direction }),
  );
  const correction = control === undefined ? 0 : sinceChange.baseline - meanOf(control);
  return {
    logE,
    shift,
    sinceChange,
    onset,
    scale: gaugeScale(transform),
    baselineValue: inverse(transform, shift.baseline),
    priorScale,
    baseline: control === undefined ? 'level' : 'control',
    scorer: 'level-shift',
    lines: bandLines(
      look,
      (interval) => (control === undefined ? shift.baseline : (control[interval] ?? NaN) + correction),
      NORMAL_975 * spread(line),
      (value) => (Number.isNaN(value) ? NaN : inverse(transform, value)),
    ),
  };
}

function meanOf(values: Float64Array): number {
  const seen = values.filter((value) => !Number.isNaN(value));
  return seen.reduce((sum, value) => sum + value, 0) / Math.max(1, seen.length);
}

interface Pool {
  readonly events: number;
  readonly total: number;
}

function pool(counts: Counts, from: number): Pool {
  let events = 0;
  let total = 0;
  for (let index = from; index < counts.totals.length; index++) {
    if (!((counts.totals[index] ?? NaN) > 0)) continue;
    events += counts.events[index] ?? 0;
    total += counts.totals[index] ?? 0;
  }
  return { events, total };
}

/** Shift between two pooled ratios on the square-root scale; a variance of at least one request keeps empty arms apart from certainty. */
function ratioShift(now: Pool, then: Pool, dispersion: number): MeanShift {
  const root = ({ events, total }: Pool): number => Math.sqrt(events / Math.max(1, total));
  const variance = (dispersion / 4) * (1 / Math.max(1, now.total) + 1 / Math.max(1, then.total));
  return { difference: root(now) - root(then), variance, baseline: root(then) };
}

function concurrentLogE(rule: MetricRule, treatment: Counts, control: Counts, dispersion: number): number {
  const increments = [];
  for (let index = rule.warmupLooks; index < treatment.totals.length; index++) {
    const own = treatment.totals[index] ?? NaN;
    const other = control.totals[index] ?? NaN;
    if (!(own > 0 && other > 0)) continue;
    increments.push({
      eventsTreatment: treatment.events[index] ?? 0,
      eventsControl: control.events[index] ?? 0,
      treatmentShare: own / (own + other),
    });
  }
  return increments.length === 0 ? 0 : mixtureLogCountEValue(increments, rule.direction, dispersion);
}

/** Roots of the single ratios from one interval on; NaN without requests. */
function roots(counts: Counts, from: number): Float64Array {
  return counts.totals
    .map((total, index) => (total > 0 ? Math.sqrt((counts.events[index] ?? NaN) / total) : NaN))
    .subarray(from);
}

/** A shift over time with all that makes it uncertain beyond the counts: how either stretch wanders, and the drift of quiet watches. */
function drifting(shift: MeanShift, before: Float64Array, after: Float64Array, drift: number): MeanShift {
  const wandering = wanderingVariance(before, after, 0) || 0;
  return { ...shift, variance: Math.max(shift.variance, wandering) + drift };
}

/** No evidence where drift is unknown: with many requests any drift would look like harm. */
function beforeAfterLogE(drift: number | undefined, input: Parameters<typeof logMeanDifferenceEValue>[0]) {
  return drift === undefined ? 0 : logMeanDifferenceEValue(input);
}

function joined(a: Counts, b: Counts): Counts {
  return {
    events: Float64Array.of(...a.events, ...b.events),
    totals: Float64Array.of(...a.totals, ...b.totals),
  };
}

function ratioFinding(metric: SequentialMetric, live: LiveMetric, look: number): Finding | undefined {
  const { rule, past } = metric;
  if (past.shape !== 'ratio') return undefined;
  const treatment = ratioCounts(live.treatment, look);
  const control = past.control === undefined ? undefined : ratioCounts(live.control, look);
  const now = pool(treatment, rule.warmupLooks);
  const then = control === undefined ? pool(past.treatment, 0) : pool(control, rule.warmupLooks);
  if (!(now.total > 0 && then.total > 0)) return undefined;
  const dispersion = countDispersion(
    past.control === undefined || control === undefined ? past.treatment : joined(past.control, control),
  );
  const counted = ratioShift(now, then, dispersion);
  // A concurrent control drifts along; time before the change does not.
  const shift =
    control === undefined
      ? drifting(counted, roots(past.treatment, 0), roots(treatment, rule.warmupLooks), past.drift ?? 0)
      : counted;
  const priorScale = Math.max(0.3 * shift.baseline, 1 / Math.sqrt(then.total));
  const logE =
    control === undefined
      ? beforeAfterLogE(past.drift, { ...shift, priorScale, direction: rule.direction })
      : concurrentLogE(rule, treatment, control, dispersion);
  const typical = now.total / Math.max(1, treatment.totals.filter((total) => total > 0).length);
  return {
    logE,
    shift,
    sinceChange: shift,
    onset: rule.warmupLooks,
    scale: ratioScale(then.total),
    baselineValue: shift.baseline ** 2,
    priorScale,
    baseline: control === undefined ? 'level' : 'control',
    scorer: 'counts',
    lines: bandLines(
      look,
      () => shift.baseline,
      NORMAL_975 * Math.sqrt(dispersion / (4 * typical)),
      (value) => Math.max(0, value) ** 2,
    ),
  };
}

/**
 * Judges one metric at one look by an e-process: 1/e is a p-value at any look.
 *
 * @param likeness how alike the instances of this watch are, see `instanceLikeness`
 * @returns undefined while there are too few samples since the change
 */
export function judgeByEValue(
  metric: SequentialMetric,
  live: LiveMetric,
  look: number,
  alpha: number,
  coverage: number,
  likeness = 1,
): JudgedMetric | undefined {
  const { rule } = metric;
  const finding =
    rule.shape === 'gauge' ? gaugeFinding(metric, live, look, likeness) : ratioFinding(metric, live, look);
  if (finding === undefined) return undefined;
  const { shift, sinceChange, onset, priorScale, logE, scale, baselineValue, baseline, scorer, lines } =
    finding;
  const effectOf = (each: MeanShift) =>
    effectOnUnits(
      scale,
      baselineValue,
      { delta: each.difference, ...meanDifferenceInterval({ ...each, priorScale, alpha }) },
      1 - alpha,
    );
  const effect = effectOf(shift);
  return {
    rule,
    score: Math.max(0, logE) / Math.log(1 / alpha),
    p: Math.min(1, Math.exp(-logE)),
    logE,
    ...(shift.apart === undefined ? {} : { apart: shift.apart }),
    effect,
    sinceChange: shift === sinceChange ? effect : effectOf(sinceChange),
    onsetLook: onset > rule.warmupLooks ? onset : undefined,
    baseline,
    scorer,
    coverage,
    ...lines,
  };
}
