import type { CalibratedMetric } from '../calibration/calibrated-metric.js';
import type { MetricCalibration } from '../calibration/calibrate.js';
import { countLines } from '../calibration/histogram-history.js';
import { poolCounts, trailingRatio } from '../calibration/ratio-views.js';
import type { SequentialMetric } from '../calibration/sequential-metric.js';
import type { Arm, LiveMetric } from '../contract.js';
import { observedIn } from '../series/histogram-lines.js';
import { armLines, mapArm } from '../series/map-arm.js';
import { gaugeValues, ratioCounts } from './live-trace.js';

/** Whether an interval (0-based since the change) holds something. */
type Presence = (interval: number) => boolean;

/** What a metric is compared with, by the name that people read. */
export type Comparator = 'the control group' | 'its own past';

/** Where a metric and all that it is compared with live are there at once. */
export interface ComparableLive {
  readonly comparator: Comparator;
  readonly isComparable: Presence;
  /** Whether an interval has observations in buckets that do not tell what the earlier ones told. */
  readonly isLostBound: Presence;
  /** The live arms from an interval on, blanked where they cannot be compared, so that no half comparison counts. */
  readonly from: (interval: number) => LiveMetric;
}

/** How a metric is judged; of a histogram, how one of its lines is, because all of them see the same intervals. */
type Compared =
  | { readonly mode: 'none' }
  | { readonly mode: 'placebo'; readonly metric: CalibratedMetric }
  | { readonly mode: 'sequential'; readonly metric: SequentialMetric };

function comparedOf(metric: MetricCalibration): Compared {
  if (metric.mode === 'none') return { mode: 'none' };
  if (metric.mode === 'placebo') {
    const { metric: own } = metric;
    return { mode: 'placebo', metric: 'lines' in own ? own.lines[0].metric : own };
  }
  const { metric: own } = metric;
  return { mode: 'sequential', metric: 'lines' in own ? own.blank : own };
}

/** A histogram as a ratio whose totals are its observations: all that tells where it is there. */
function asCounts(arm: Arm): Arm {
  if (arm.shape !== 'histogram') return arm;
  const observed = observedIn(arm);
  return { shape: 'ratio', events: observed, totals: observed };
}

/**
 * What is counted of a metric; of a histogram what each of its bounds can count, which a release that changes the buckets may end: one
 * that kept the median's bound and lost those of the tail must not pass for a release that was watched.
 */
function countsOf(metric: MetricCalibration, live: LiveMetric): readonly LiveMetric[] {
  const { treatment, control } = live;
  const own = metric.mode === 'none' || !('lines' in metric.metric) ? undefined : metric.metric;
  const bounds = (own?.lines ?? []).map(({ line }) => line).filter(({ kind }) => kind === 'above');
  if (own?.quiet !== undefined && bounds.length > 0) return countLines(bounds, own.quiet, live);
  return [
    { treatment: asCounts(treatment), ...(control === undefined ? {} : { control: asCounts(control) }) },
  ];
}

/** Where all of several are there; undefined when none is asked for. */
function everywhere(presences: readonly (Presence | undefined)[]): Presence | undefined {
  const asked = presences.filter((presence) => presence !== undefined);
  return asked.length === 0 ? undefined : (interval) => asked.every((presence) => presence(interval));
}

function gaugePresence(arm: Arm | undefined, look: number): Presence {
  const values = gaugeValues(arm, look);
  return (interval) => !Number.isNaN(values[interval] ?? NaN);
}

function exposurePresence(arm: Arm | undefined, look: number): Presence {
  const { totals } = ratioCounts(arm, look);
  return (interval) => (totals[interval] ?? NaN) > 0;
}

/** A control's ratio is pooled over some intervals: it must still report, if only zero requests, and not be zero throughout. */
function pooledRatioPresence(arm: Arm | undefined, look: number): Presence {
  const counts = ratioCounts(arm, look);
  const pooled = poolCounts(counts);
  return (interval) =>
    !Number.isNaN(counts.totals[interval] ?? NaN) && !Number.isNaN(trailingRatio(pooled, 0, interval));
}

/** Where the live control, if the comparison rests on one, is there; undefined when it does not. */
function controlPresence(metric: Compared, live: LiveMetric, look: number): Presence | undefined {
  if (metric.mode === 'none') return undefined;
  if (metric.mode === 'sequential') {
    const { past } = metric.metric;
    if (past.control === undefined) return undefined;
    return past.shape === 'gauge' ? gaugePresence(live.control, look) : exposurePresence(live.control, look);
  }
  const { model } = metric.metric;
  // A control that could not be brought to the treatment's level before the change never speaks.
  const isWeighed = model.views.some(
    ({ name, correction }) => name === 'control' && !Number.isNaN(correction),
  );
  if (!isWeighed) return undefined;
  return model.shape === 'gauge'
    ? gaugePresence(live.control, look)
    : pooledRatioPresence(live.control, look);
}

/** Where at least one forecast from the metric's own past speaks; everywhere when none is asked. */
function pastPresence(metric: Compared): Presence {
  if (metric.mode !== 'placebo') return () => true;
  const lines = metric.metric.model.views.flatMap((view) => (view.name === 'control' ? [] : [view.after]));
  return (interval) => lines.some((line) => !Number.isNaN(line[interval] ?? NaN));
}

function blanked(arm: Arm, look: number, keep: Presence): Arm {
  // Asked once, and not for each of a histogram's buckets.
  const kept: number[] = [];
  for (let interval = 0; interval < look; interval++) if (keep(interval)) kept.push(interval);
  const [first] = armLines(arm);
  if (kept.length === look && first?.length === look) return arm;
  return mapArm(arm, (values) => {
    const line = new Float64Array(look).fill(NaN);
    for (const interval of kept) line[interval] = values[interval] ?? NaN;
    return line;
  });
}

/**
 * Finds the intervals of a live metric that can be compared: with a sample of its own and, where the comparison rests on a
 * live control, one of the control too, else with a forecast from its own past. Forecasts of a missing control are not
 * replaced by weaker ones: the placebos always had it.
 *
 * @param isSent whether the judged instances sent something in an interval
 */
export function comparableLive(
  metric: MetricCalibration,
  live: LiveMetric,
  look: number,
  isSent: Presence,
): ComparableLive {
  const compared = comparedOf(metric);
  const counted = countsOf(metric, live);
  const control = everywhere(counted.map((each) => controlPresence(compared, each, look)));
  const hasReference = control ?? pastPresence(compared);
  const isReadable =
    (live.treatment.shape === 'histogram' &&
      everywhere(counted.map(({ treatment }) => exposurePresence(treatment, look)))) ||
    isSent;
  const isComparable: Presence = (interval) =>
    isSent(interval) && isReadable(interval) && hasReference(interval);
  // Pooled arms must cover the same intervals; a placebo's control is pooled beyond them, as it was in the past.
  const isPaired = compared.mode === 'sequential' && compared.metric.past.shape === 'ratio';
  const from = (start: number): LiveMetric => {
    const keep: Presence = (interval) => interval >= start && isComparable(interval);
    const treatment = blanked(live.treatment, look, keep);
    if (live.control === undefined) return { treatment };
    return { treatment, control: isPaired ? blanked(live.control, look, keep) : live.control };
  };
  const comparator = control === undefined ? 'its own past' : 'the control group';
  const isLostBound: Presence = (interval) => isSent(interval) && !isReadable(interval);
  return { comparator, isComparable, isLostBound, from };
}
