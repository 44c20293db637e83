/**
 * The words that cross the package boundary. Arrays run on one time grid: index `changeIndex` is the first
 * interval after the change, `intervalMs` wide; NaN means "no sample". Every array of a snapshot has length
 * `changeIndex` (the history) and every array of a live window has length `look` (intervals since the change).
 */

import type { Explanation } from './explanation/explanation.js';
import type { Forecast } from './forecast/forecast.js';

/** Which movement harms users. */
export type Direction = 'up' | 'down' | 'both';
export type MetricKind = 'latency' | 'error' | 'traffic' | 'saturation' | 'business';
/** `critical` metrics own half of α; `advisory` ones are shown and never decide. */
export type Criticality = 'critical' | 'normal' | 'advisory';

/** A size of change: relative to the baseline (0.1 = 10 %), absolute in the metric's unit, or both (then both must be passed). */
export interface EffectSize {
  readonly relative?: number;
  readonly absolute?: number;
}

/** An absolute limit that the user set: passing it for `forLooks` consecutive intervals decides at once. */
export interface GuardRail {
  readonly above?: number;
  readonly below?: number;
  readonly forLooks: number;
}

/** One alert of an error budget: it must burn faster than `limit` times the even rate over the long window and, so that it still goes on, over the short one. */
export interface BurnRateWindow {
  readonly limit: number;
  readonly longLooks: number;
  readonly shortLooks: number;
}

/** A guard-rail on a ratio's error budget: any of its windows decides at once. */
export interface BurnRate {
  /** Share of good events that is promised, in (0, 1), e.g. 0.999; the budget is the rest. */
  readonly objective: number;
  readonly windows: readonly BurnRateWindow[];
  /** Fewer events in the long window decide nothing. */
  readonly fewestEvents: number;
}

/** What a policy lets metrics be compared with: the level just before, earlier days, earlier weeks, the concurrent control. */
export type Baseline = 'before' | 'daily' | 'weekly' | 'control';

/** How one metric is to be judged. */
export interface MetricRule {
  readonly name: string;
  readonly kind: MetricKind;
  readonly direction: Direction;
  /** Shown to people only. */
  readonly unit: string;
  /**
   * `ratio` metrics are events over a total, judged as counts; a `gauge` is a value per interval; a `histogram` counts observations by
   * bucket and is judged over its whole distribution.
   */
  readonly shape: 'gauge' | 'ratio' | 'histogram';
  /** Practical minimum: a smaller harmful effect never rolls back. */
  readonly minEffect: EffectSize;
  /** A harmful effect proven smaller than this allows an early `continue`. */
  readonly tolerance: EffectSize;
  readonly criticality: Criticality;
  /** > 0; share of attention within its group, and of the group when it stands alone. */
  readonly weight: number;
  readonly group?: string;
  /** A required metric without data can never end in `continue`. */
  readonly required: boolean;
  /** Intervals after the change that are declared warm-up and not judged. */
  readonly warmupLooks: number;
  readonly guardRail?: GuardRail;
  /** Of a ratio only. */
  readonly burnRate?: BurnRate;
  /** Where the resource ends, in the metric's unit: forecast, never decided on. */
  readonly ceiling?: number;
  /** A movement that reached α and, carried on so many intervals, harms by the practical minimum or breaches a limit counts as harm now. */
  readonly horizonLooks?: number;
  /** Newest intervals of a look that are left for the next ones, because samples of this metric arrive that late (default 0). */
  readonly lateLooks?: number;
}

/** Observations by bucket: what fell into each bucket within each interval, not cumulated over buckets nor over time. */
export interface HistogramArm {
  readonly shape: 'histogram';
  /** Upper ends of the buckets in the metric's unit, ascending; the last may be +∞. A bucket begins where the one before ends. */
  readonly upperBounds: Float64Array;
  /** One line a bucket, as many as there are bounds. */
  readonly counts: readonly Float64Array[];
}

/** One arm of a metric: `values` for a gauge, `events` and `totals` (same length) for a ratio, buckets for a histogram. */
export type Arm =
  | { readonly shape: 'gauge'; readonly values: Float64Array }
  | { readonly shape: 'ratio'; readonly events: Float64Array; readonly totals: Float64Array }
  | HistogramArm;

/** The part of a metric that was known before the change. */
export interface MetricHistory {
  readonly rule: MetricRule;
  /** What the judged instances did before the change; all NaN for a canary arm that did not exist. */
  readonly treatment: Arm;
  /** A concurrent control group, where there is one. */
  readonly control?: Arm;
  /** Why the history is all NaN, where it could not be read; said in place of "no history". */
  readonly problem?: Reason;
}

/** A learned scorer's weights. */
export interface LearnedModelId {
  /** `<name>/<version>` as people read it. */
  readonly model: string;
  /** SHA-256 of the weights file in hexadecimal digits: the same digits, the same model. */
  readonly sha256: string;
}

/** Everything that is fixed when a watch starts. Judging it again gives the same bits. */
export interface Snapshot {
  readonly intervalMs: number;
  readonly changeAtMs: number;
  /** Length of every history array. */
  readonly changeIndex: number;
  /** Looks of the whole watch, tail included; the error budget covers all of them. */
  readonly plannedLooks: number;
  readonly metrics: readonly MetricHistory[];
  /**
   * Half-open index ranges `[from, to)` of known deployments and incidents, also of what this release already treated when the watch
   * begins: nothing is learned from them, and no placebo's baseline or watch touches them.
   */
  readonly excluded: readonly (readonly [from: number, to: number])[];
  /** Tolerated probability of a false rollback during the whole watch, in (0, 0.5]. */
  readonly alpha: number;
  /** Probability that a change of this service harms, before looking, in (0, 1). */
  readonly prior: number;
  /** Relative weight of each named group (default 1). */
  readonly groupWeights: Readonly<Record<string, number>>;
  /** Smallest share of planned looks before an early `continue` may be given, in [0, 1]. */
  readonly earliestContinue: number;
  /** Smallest share of intervals with data that counts as enough, in (0, 1]. */
  readonly minCoverage: number;
  /** Default: all that there are. */
  readonly baselines?: readonly Baseline[];
  /** The learned scorer that is asked beside the scans; none when absent. */
  readonly learned?: LearnedModelId;
}

/** What is known of one metric since the change; arrays of length `look`. */
export interface LiveMetric {
  readonly treatment: Arm;
  readonly control?: Arm;
}

/** The loudest that the learned scorer got about one metric so far. */
export interface LearnedPeak {
  /** ≥ 0; 1 = as loud as about the worst 5 % of this metric's quiet watches. */
  readonly score: number;
  /** Declared look at which it got so loud; 0 while it has said nothing. */
  readonly atLook: number;
}

/** What one look hands to the next; stored with the tick, so that a restart goes on where it stopped. */
export interface Carried {
  /** Running maximum of the fused statistic over all looks so far (0 before the first). */
  readonly peak: number;
  /** The same for the critical family alone. */
  readonly criticalPeak: number;
  /** Smallest sequential p so far (1 before the first); never rises. */
  readonly p: number;
  /** One entry per metric of the snapshot, of a watch that asks the learned scorer. */
  readonly learned?: readonly LearnedPeak[];
}

export type VerdictValue = 'pending' | 'continue' | 'rollback' | 'inconclusive';
/** What stands behind the error rate: exact placebo ranks, an anytime-valid e-process, the user's own limit, or nothing. */
export type Guarantee = 'placebo' | 'sequential' | 'guard-rail' | 'none';
/** Which rule decided. */
export type DecisionRule =
  | 'guard-rail'
  | 'calibrated-evidence'
  | 'bounded-harm'
  | 'watch-ended-without-evidence'
  | 'not-enough-data'
  | 'watching';

/** One sentence for people with a stable code for machines. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  readonly metric?: string;
}

/** An estimate with its interval; `relative` in shares of the baseline (0.15 = +15 %), `absolute` in the metric's unit. */
export interface Effect {
  readonly relative: number;
  readonly relativeLow: number;
  readonly relativeHigh: number;
  readonly absolute: number;
  /** Coverage level of the interval over all looks together, e.g. 0.95. */
  readonly level: number;
}

/** What one metric showed up to this look. */
export type MetricEvidence =
  | {
      readonly kind: 'insufficient';
      readonly name: string;
      readonly required: boolean;
      readonly coverage: number;
      readonly reason: Reason;
    }
  | {
      readonly kind: 'judged';
      readonly name: string;
      readonly unit: string;
      readonly criticality: Criticality;
      readonly required: boolean;
      /** Comparable score; 1 = as extreme as the worst 5 % of this metric's quiet watches. */
      readonly score: number;
      /** Share of the fused evidence, 0–1, over all metrics adding up to 1 when there is any. */
      readonly contribution: number;
      /** This metric's own sequential p-value, not corrected for the other metrics. */
      readonly p: number;
      readonly effect: Effect;
      readonly beyondMinEffect: boolean;
      readonly withinTolerance: boolean;
      /** Why it bars a `continue` although it cannot roll back: it shows harm, and its drift is not known. */
      readonly unproven?: Reason;
      /** Intervals after the change at which the movement seems to begin. */
      readonly onsetLook?: number;
      /** `season`, `level`, `control`, … : what it was compared with. */
      readonly baseline: string;
      /** The scorer that spoke loudest, e.g. `level-shift`, `spread`, `tail`, `counts`. */
      readonly scorer: string;
      /** Of a histogram: the quantile, in (0, 1), that effect and lines speak of. */
      readonly quantile?: number;
      /** Share of intervals since the change that have data, 0–1. */
      readonly coverage: number;
      /** Expected value and band for each interval since the change, in the metric's unit. */
      readonly expected: Float64Array;
      readonly low: Float64Array;
      readonly high: Float64Array;
    };

/** The judgement at one look. */
export interface Assessment {
  readonly look: number;
  readonly value: VerdictValue;
  readonly rule: DecisionRule;
  readonly guarantee: Guarantee;
  /** Sequential p-value of the family, valid at every look at once. */
  readonly p: number;
  /** True when p lies beyond the placebos' resolution and comes from a fitted tail. */
  readonly pExtrapolated: boolean;
  /** P(harmful | evidence, prior), 0–1. */
  readonly harmProbability: number;
  readonly reasons: readonly Reason[];
  readonly stillNeeded: readonly Reason[];
  readonly metrics: readonly MetricEvidence[];
  readonly carried: Carried;
  /** Where it was asked for. */
  readonly explanation?: Explanation;
  /** Limits that moving metrics run towards, the nearest first. */
  readonly forecasts?: readonly Forecast[];
}

/** How well the watch is calibrated, known before the first look. */
export interface CalibrationSummary {
  readonly guarantee: Guarantee;
  readonly placebos: number;
  /** Independent placebos that the overlapping ones are worth. */
  readonly effectivePlacebos: number;
  readonly historyMs: number;
  readonly reasons: readonly Reason[];
  /** The learned scorer that is asked, and where its tensors are computed. */
  readonly learned?: LearnedModelId & { readonly backend: string };
}
