import type { MetricHistory, MetricRule } from '../contract.js';
import { scoreMeasure } from '../scoring/scan-measure.js';
import { scansFor, type Scan } from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';
import { effectBands, type EffectBands } from './effect-bands.js';
import type { WindowScorer } from '../learned/look-window.js';
import { fitLevel } from './fit-level.js';
import { joinReplays, replayLearned, type LearnedScan } from './learned-replay.js';
import { replayGauge, type GaugeModel } from './gauge-model.js';
import { replayRatio, type RatioModel } from './ratio-model.js';
import { isFit, type ReplayPlan } from './replay-plan.js';
import { unitsOf, type Units } from './scan-units.js';
import { watchPeak } from './watch-peak.js';

export type MetricModel = GaugeModel | RatioModel;

/** One metric, ready to be judged against its own quiet past. */
export interface CalibratedMetric {
  readonly rule: MetricRule;
  readonly model: MetricModel;
  readonly scans: readonly Scan[];
  readonly units: Units;
  /** 95th percentile of the fitting placebos' full-horizon peaks: one comparable score unit. */
  readonly norm: number;
  readonly bands: EffectBands;
  /** Of a gauge of a watch that asks the learned scorer. */
  readonly learned?: LearnedScan;
}

/** A metric with the full-horizon peaks of all placebos, NaN where a placebo could not be judged. */
export interface ReplayedMetric {
  readonly calibrated: CalibratedMetric;
  readonly peaks: Float64Array;
}

/** Smallest unit of whole watches (units). */
const SMALLEST_NORM = 3;
/** Least share of a placebo's intervals with data. */
const USABLE_SHARE = 0.5;

/**
 * Replays one metric at every placebo; undefined when its past allows no forecast.
 *
 * @param scorer the learned scorer, of a watch that asks it
 */
export function calibrateMetric(
  history: MetricHistory,
  plan: ReplayPlan,
  scorer?: WindowScorer,
): ReplayedMetric | undefined {
  const { rule } = history;
  const replay = rule.shape === 'gauge' ? replayGauge(history, plan) : replayRatio(history, plan);
  if (replay === undefined) return undefined;
  const scans = scansFor(replay.model.shape, plan.looks);
  const isUsable = (trace: Trace): boolean => trace.count(0, plan.looks) >= USABLE_SHARE * plan.looks;
  const fit = replay.traces.filter((trace, index) => isFit(index) && isUsable(trace));
  const ranked = replay.traces.filter((trace, index) => !isFit(index) && isUsable(trace));
  const measure = scoreMeasure(rule, plan.looks);
  const units = unitsOf(fit, scans, measure, rule.warmupLooks, plan.looks);
  const learned =
    scorer !== undefined && 'series' in replay ? replayLearned(scorer, replay.series, rule, plan) : undefined;
  const raw = Float64Array.from(replay.traces, (trace) =>
    isUsable(trace) ? watchPeak(trace, scans, units, measure).value : NaN,
  );
  const norm = Math.max(SMALLEST_NORM, fitLevel(raw));
  const peaks = raw.map((peak) => peak / norm);
  const joined = learned && joinReplays(peaks, learned);
  return {
    calibrated: {
      rule,
      model: replay.model,
      scans,
      units,
      norm,
      bands: effectBands(fit, ranked, scans, rule, plan),
      ...(joined === undefined ? {} : { learned: joined.scan }),
    },
    peaks: joined?.peaks ?? peaks,
  };
}
