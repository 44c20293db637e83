import type { MetricCalibration } from '../calibration/calibrate.js';
import { poolCounts, trailingRatio } from '../calibration/ratio-views.js';
import type { Arm, LiveMetric } from '../contract.js';
import { gaugeValues, ratioCounts } from './live-trace.js';

/** Whether an interval (0-based since the change) holds something. */
type Presence = (interval: number) => boolean;

/** What a metric is compared with, by the name that people read. */
export type Comparator = 'the control group' | 'its own past';

/** Where a metric and all that it is compared with live are there at once. */
export interface ComparableLive {
  readonly comparator: Comparator;
  readonly isComparable: Presence;
  /** The live arms from an interval on, blanked where they cannot be compared, so that no half comparison counts. */
  readonly from: (interval: number) => LiveMetric;
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
function controlPresence(metric: MetricCalibration, live: LiveMetric, look: number): Presence | undefined {
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
function pastPresence(metric: MetricCalibration): Presence {
  if (metric.mode !== 'placebo') return () => true;
  const lines = metric.metric.model.views.flatMap((view) => (view.name === 'control' ? [] : [view.after]));
  return (interval) => lines.some((line) => !Number.isNaN(line[interval] ?? NaN));
}

function blanked(arm: Arm, look: number, keep: Presence): Arm {
  const line = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: look }, (_, interval) => (keep(interval) ? (values[interval] ?? NaN) : NaN));
  if (arm.shape === 'gauge') return { shape: 'gauge', values: line(arm.values) };
  return { shape: 'ratio', events: line(arm.events), totals: line(arm.totals) };
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
  const control = controlPresence(metric, live, look);
  const hasReference = control ?? pastPresence(metric);
  const isComparable: Presence = (interval) => isSent(interval) && hasReference(interval);
  // Pooled arms must cover the same intervals; a placebo's control is pooled beyond them, as it was in the past.
  const isPaired = metric.mode === 'sequential' && metric.metric.past.shape === 'ratio';
  const from = (start: number): LiveMetric => {
    const keep: Presence = (interval) => interval >= start && isComparable(interval);
    const treatment = blanked(live.treatment, look, keep);
    if (live.control === undefined) return { treatment };
    return { treatment, control: isPaired ? blanked(live.control, look, keep) : live.control };
  };
  return { comparator: control === undefined ? 'its own past' : 'the control group', isComparable, from };
}
