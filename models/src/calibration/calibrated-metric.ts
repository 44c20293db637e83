import type { MetricHistory, MetricRule } from '../contract.js';
import {
  firstInterval,
  isLevelScan,
  lookBucket,
  scansFor,
  scanStart,
  scanValue,
  SMALLEST_UNIT,
  type Scan,
} from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';
import { quantileSorted } from '../statistical/quantile.js';
import { upperQuantile } from '../statistical/upper-quantile.js';
import { withoutIncidents } from './incident-limit.js';
import { replayGauge, type GaugeModel } from './gauge-model.js';
import { replayRatio, type RatioModel } from './ratio-model.js';
import { isFit, type ReplayPlan } from './replay-plan.js';

export type MetricModel = GaugeModel | RatioModel;

/** Placebo quantiles that make scans at all looks comparable: `values[bucket · scans + scan]`, for the buckets that a watch reaches. */
export type Units = Float64Array;

/** One metric, ready to be judged against its own quiet past. */
export interface CalibratedMetric {
  readonly rule: MetricRule;
  readonly model: MetricModel;
  readonly scans: readonly Scan[];
  readonly units: Units;
  /** 95th percentile of the fitting placebos' full-horizon peaks: one comparable score unit. */
  readonly norm: number;
  /** Units of the effect's bands: signed mean deviation from the best baseline, all windows. */
  readonly bandUnits: Units;
  /** Full-horizon peaks of |deviation| / unit among ranking placebos, ascending: over all windows, and since the change alone. */
  readonly bandPeaks: Float64Array;
  readonly sinceBandPeaks: Float64Array;
}

/** A metric with the full-horizon peaks of all placebos, NaN where a placebo could not be judged. */
export interface ReplayedMetric {
  readonly calibrated: CalibratedMetric;
  readonly peaks: Float64Array;
}

/** First look that may decide: one single interval is never evidence enough. */
export const FIRST_DECIDING_LOOK = 2;
/** Scans are put into units of this placebo quantile. */
const UNIT_QUANTILE = 0.95;
/** The same for whole watches (units). */
const SMALLEST_NORM = 3;
/** Below this a score is noise of the arithmetic, not of the metric; it counts as none. */
const DEAD_ZONE = 0.05;
/** Least share of a placebo's intervals with data. */
const USABLE_SHARE = 0.5;
/** Values that a unit is the quantile of. */
const UNIT_SAMPLES = 1500;

/** Half-open stretches of intervals that share a unit. */
function buckets(
  looks: number,
): readonly { readonly bucket: number; readonly from: number; readonly to: number }[] {
  const stretches = [];
  let from = 0;
  for (let interval = 1; interval <= looks; interval++) {
    if (interval < looks && lookBucket(interval) === lookBucket(from)) continue;
    stretches.push({ bucket: lookBucket(from), from, to: interval });
    from = interval;
  }
  return stretches;
}

/** |deviation from the best baseline|, in standard errors; 0 where the scan does not fit yet. */
function bandDeviation(trace: Trace, scan: Scan, interval: number, warmup: number): number {
  const start = scanStart(scan, interval, warmup);
  return start === undefined ? 0 : Math.abs(trace.around(start, interval + 1));
}

/** Units of all scans (`score`) or of the effect's bands, which only level and count scans have. */
function unitsOf(
  traces: readonly Trace[],
  scans: readonly Scan[],
  rule: MetricRule,
  looks: number,
  measure: 'score' | 'band',
): Units {
  const { direction, warmupLooks } = rule;
  const stretches = buckets(traces.length === 0 ? 0 : looks);
  const units = new Float64Array(scans.length * (lookBucket(looks - 1) + 1)).fill(1);
  const unit = (scan: Scan, first: number, to: number): number => {
    // Looks at which the scan cannot speak yet would pull its unit towards 0.
    const from = Math.max(first, firstInterval(scan, warmupLooks));
    if (from >= to) return 0;
    const step = Math.max(1, Math.floor(((to - from) * traces.length) / UNIT_SAMPLES));
    const quantile = upperQuantile(UNIT_QUANTILE, traces.length * Math.ceil((to - from) / step));
    for (const trace of traces) {
      for (let interval = from; interval < to; interval += step) {
        quantile.add(
          measure === 'band'
            ? bandDeviation(trace, scan, interval, warmupLooks)
            : scanValue(trace, scan, direction, interval, warmupLooks, quantile.least()),
        );
      }
    }
    return quantile.value() || 0;
  };
  scans.forEach((scan, position) => {
    if (measure === 'band' && !isLevelScan(scan)) return;
    for (const { bucket, from, to } of stretches) {
      units[bucket * scans.length + position] = Math.max(SMALLEST_UNIT[scan.scorer], unit(scan, from, to));
    }
  });
  return units;
}

/** Comparable score at one look with the scan that gave it. */
export interface LookScore {
  readonly score: number;
  readonly scan: Scan | undefined;
}

/**
 * Largest scan at one interval, in units (not yet divided by the metric's norm).
 *
 * @param least scores up to it may come as 0
 */
export function scoreAt(
  trace: Trace,
  scans: readonly Scan[],
  units: Units,
  rule: MetricRule,
  interval: number,
  least = 0,
): LookScore {
  const bucket = lookBucket(interval);
  let score = 0;
  let best: Scan | undefined;
  scans.forEach((scan, position) => {
    const unit = units[bucket * scans.length + position] ?? 1;
    const floor = Math.max(score, least) * unit;
    const value = scanValue(trace, scan, rule.direction, interval, rule.warmupLooks, floor) / unit;
    if (value > score) {
      score = value;
      best = scan;
    }
  });
  return score < DEAD_ZONE ? { score: 0, scan: undefined } : { score, scan: best };
}

/** Largest |deviation| / unit of one scan over the deciding looks. */
function scanBandPeak(
  trace: Trace,
  scans: readonly Scan[],
  units: Units,
  position: number,
  warmup: number,
): number {
  const scan = scans[position];
  if (scan === undefined) return 0;
  let peak = 0;
  for (let interval = FIRST_DECIDING_LOOK - 1; interval < trace.looks; interval++) {
    const unit = units[lookBucket(interval) * scans.length + position] ?? 1;
    peak = Math.max(peak, bandDeviation(trace, scan, interval, warmup) / unit);
  }
  return peak;
}

/** Full-horizon peaks of the bands: over all windows, and since the change alone. */
function bandPeaks(traces: readonly Trace[], scans: readonly Scan[], units: Units, warmup: number) {
  const all = new Float64Array(traces.length);
  const since = new Float64Array(traces.length);
  scans.forEach((scan, position) => {
    if (!isLevelScan(scan)) return;
    traces.forEach((trace, index) => {
      const peak = scanBandPeak(trace, scans, units, position, warmup);
      all[index] = Math.max(all[index] ?? 0, peak);
      if (scan.window === Infinity) since[index] = peak;
    });
  });
  return { bandPeaks: all.sort(), sinceBandPeaks: since.sort() };
}

function watchPeak(trace: Trace, scans: readonly Scan[], units: Units, rule: MetricRule): number {
  let peak = 0;
  for (let position = 0; position < scans.length; position++) {
    const scan = scans[position];
    if (scan === undefined) continue;
    for (let interval = FIRST_DECIDING_LOOK - 1; interval < trace.looks; interval++) {
      const unit = units[lookBucket(interval) * scans.length + position] ?? 1;
      const value = scanValue(trace, scan, rule.direction, interval, rule.warmupLooks, peak * unit) / unit;
      if (value > peak) peak = value;
    }
  }
  return peak < DEAD_ZONE ? 0 : peak;
}

/** Replays one metric at every placebo; undefined when its past allows no forecast. */
export function calibrateMetric(history: MetricHistory, plan: ReplayPlan): ReplayedMetric | undefined {
  const { rule } = history;
  const replay = rule.shape === 'gauge' ? replayGauge(history, plan) : replayRatio(history, plan);
  if (replay === undefined) return undefined;
  const scans = scansFor(replay.model.shape, plan.looks);
  const isUsable = (trace: Trace): boolean => trace.count(0, plan.looks) >= USABLE_SHARE * plan.looks;
  const fit = replay.traces.filter((trace, index) => isFit(index) && isUsable(trace));
  const ranked = replay.traces.filter((trace, index) => !isFit(index) && isUsable(trace));
  const units = unitsOf(fit, scans, rule, plan.looks, 'score');
  const bandUnits = unitsOf(fit, scans, rule, plan.looks, 'band');
  const raw = Float64Array.from(replay.traces, (trace) =>
    isUsable(trace) ? watchPeak(trace, scans, units, rule) : NaN,
  );
  const fitPeaks = withoutIncidents(raw.filter((_, index) => isFit(index))).sort();
  const norm = Math.max(SMALLEST_NORM, fitPeaks.length === 0 ? 0 : quantileSorted(fitPeaks, UNIT_QUANTILE));
  return {
    calibrated: {
      rule,
      model: replay.model,
      scans,
      units,
      norm,
      bandUnits,
      ...bandPeaks(ranked, scans, bandUnits, rule.warmupLooks),
    },
    peaks: raw.map((peak) => peak / norm),
  };
}
