import type { MetricHistory, MetricRule } from '../contract.js';
import { LOOK_BUCKETS, lookBucket, SMALLEST_UNIT, scansFor, scanStart, scanValue, type Scan } from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';
import { quantileSorted } from '../statistical/quantile.js';
import { replayGauge, type GaugeModel } from './gauge-model.js';
import { replayRatio, type RatioModel } from './ratio-model.js';
import { isFit, type ReplayPlan } from './replay-plan.js';

export type MetricModel = GaugeModel | RatioModel;

/** Placebo quantiles that make scans at all looks comparable: `values[scan · LOOK_BUCKETS + bucket]`. */
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
/** Values per unit that are kept for its quantile. */
const UNIT_SAMPLES = 1500;

type Measure = (trace: Trace, scan: Scan, interval: number) => number;

function unitsOf(traces: readonly Trace[], scans: readonly Scan[], measure: Measure): Units {
  const units = new Float64Array(scans.length * LOOK_BUCKETS).fill(1);
  const looks = traces[0]?.looks ?? 0;
  const widths = new Array<number>(LOOK_BUCKETS).fill(0);
  for (let interval = 0; interval < looks; interval++) {
    const bucket = lookBucket(interval);
    widths[bucket] = (widths[bucket] ?? 0) + 1;
  }
  scans.forEach((scan, position) => {
    let interval = 0;
    widths.forEach((width, bucket) => {
      const step = Math.max(1, Math.floor((width * traces.length) / UNIT_SAMPLES));
      const values: number[] = [];
      for (const trace of traces) {
        for (let look = interval; look < interval + width; look += step)
          values.push(measure(trace, scan, look));
      }
      interval += width;
      if (values.length === 0) return;
      const quantile = quantileSorted(Float64Array.from(values).sort(), UNIT_QUANTILE);
      units[position * LOOK_BUCKETS + bucket] = Math.max(SMALLEST_UNIT[scan.scorer], quantile);
    });
  });
  return units;
}

/** Comparable score at one look with the scan that gave it. */
export interface LookScore {
  readonly score: number;
  readonly scan: Scan | undefined;
}

/** Largest scan at one interval, in units (not yet divided by the metric's norm). */
export function scoreAt(
  trace: Trace,
  scans: readonly Scan[],
  units: Units,
  rule: MetricRule,
  interval: number,
): LookScore {
  const bucket = lookBucket(interval);
  let score = 0;
  let best: Scan | undefined;
  scans.forEach((scan, position) => {
    const raw = scanValue(trace, scan, rule.direction, interval, rule.warmupLooks);
    const value = raw / (units[position * LOOK_BUCKETS + bucket] ?? 1);
    if (value > score) {
      score = value;
      best = scan;
    }
  });
  return score < DEAD_ZONE ? { score: 0, scan: undefined } : { score, scan: best };
}

/** |deviation from the best baseline| of a level or count scan, in standard errors; 0 for other scans. */
export function bandDeviation(trace: Trace, scan: Scan, interval: number, warmup: number): number {
  if (scan.scorer !== 'level-shift' && scan.scorer !== 'counts') return 0;
  const start = scanStart(scan, interval, warmup);
  return start === undefined ? 0 : Math.abs(trace.around(start, interval + 1));
}

function bandPeak(
  trace: Trace,
  scans: readonly Scan[],
  units: Units,
  warmup: number,
  sinceOnly: boolean,
): number {
  let peak = 0;
  for (let interval = FIRST_DECIDING_LOOK - 1; interval < trace.looks; interval++) {
    const bucket = lookBucket(interval);
    scans.forEach((scan, position) => {
      if (sinceOnly && scan.window !== Infinity) return;
      peak = Math.max(
        peak,
        bandDeviation(trace, scan, interval, warmup) / (units[position * LOOK_BUCKETS + bucket] ?? 1),
      );
    });
  }
  return peak;
}

function watchPeak(trace: Trace, scans: readonly Scan[], units: Units, rule: MetricRule): number {
  let peak = 0;
  for (let interval = FIRST_DECIDING_LOOK - 1; interval < trace.looks; interval++) {
    peak = Math.max(peak, scoreAt(trace, scans, units, rule, interval).score);
  }
  return peak;
}

/** Replays one metric at every placebo; undefined when its past allows no forecast. */
export function calibrateMetric(history: MetricHistory, plan: ReplayPlan): ReplayedMetric | undefined {
  const { rule } = history;
  const replay = rule.shape === 'gauge' ? replayGauge(history, plan) : replayRatio(history, plan);
  if (replay === undefined) return undefined;
  const scans = scansFor(rule.shape, plan.looks);
  const isUsable = (trace: Trace): boolean => trace.count(0, plan.looks) >= USABLE_SHARE * plan.looks;
  const fit = replay.traces.filter((trace, index) => isFit(index) && isUsable(trace));
  const ranked = replay.traces.filter((trace, index) => !isFit(index) && isUsable(trace));
  const units = unitsOf(fit, scans, (trace, scan, look) =>
    scanValue(trace, scan, rule.direction, look, rule.warmupLooks),
  );
  const bandUnits = unitsOf(fit, scans, (trace, scan, look) =>
    bandDeviation(trace, scan, look, rule.warmupLooks),
  );
  const raw = Float64Array.from(replay.traces, (trace) =>
    isUsable(trace) ? watchPeak(trace, scans, units, rule) : NaN,
  );
  const fitPeaks = raw.filter((peak, index) => isFit(index) && !Number.isNaN(peak)).sort();
  const norm = Math.max(SMALLEST_NORM, fitPeaks.length === 0 ? 0 : quantileSorted(fitPeaks, UNIT_QUANTILE));
  const bands = (sinceOnly: boolean): Float64Array =>
    Float64Array.from(ranked, (trace) =>
      bandPeak(trace, scans, bandUnits, rule.warmupLooks, sinceOnly),
    ).sort();
  return {
    calibrated: {
      rule,
      model: replay.model,
      scans,
      units,
      norm,
      bandUnits,
      bandPeaks: bands(false),
      sinceBandPeaks: bands(true),
    },
    peaks: raw.map((peak) => peak / norm),
  };
}
