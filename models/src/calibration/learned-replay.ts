import type { MetricRule } from '../contract.js';
import { lookLogits, type LookWindow, type WindowScorer } from '../learned/look-window.js';
import { STEPS } from '../learned/window-shape.js';
import {
  stepsAt,
  warmupSteps,
  windowSteps,
  type WindowPlace,
  type WindowSteps,
} from '../learned/window-steps.js';
import { median, quantileSorted } from '../statistical/quantile.js';
import { SCALE_FLOOR } from './gauge-model.js';
import type { GaugeSeries } from './gauge-views.js';
import { fitLevel } from './fit-level.js';
import { isFit, type ReplayPlan } from './replay-plan.js';

/** A look at which the learned scorer is asked, and what its logits mean there. */
export interface LearnedLook {
  /** Intervals since the moment. */
  readonly look: number;
  /** Median logit of the fitting placebos. */
  readonly centre: number;
  /** One score unit: what the loudest 5 % of the fitting placebos reach above it over the whole watch. */
  readonly unit: number;
}

/** All that is kept of a metric to ask the learned scorer about it live. */
export interface LearnedScan {
  readonly looks: readonly LearnedLook[];
  readonly place: WindowPlace;
  /** Steps before the change and on the days of reference; what comes after the change is filled in live. */
  readonly steps: WindowSteps;
  /** Whether the last of the days is a control group, filled in live as well. */
  readonly hasControl: boolean;
  /** 95th percentile of the fitting placebos' joined peaks: one comparable score unit. */
  readonly norm: number;
}

/** The learned scan with the loudest that it got at each placebo. */
interface LearnedReplay {
  readonly scan: Omit<LearnedScan, 'norm'>;
  /** Over the whole watch, ≥ 0, in the plan's order; 1 = the loudest 5 % of the fitting placebos. */
  readonly peaks: Float64Array;
}

/** Shares of the watch at which the scorer is asked: asking at each look of each placebo would take fifteen times as long. */
const DECLARED = [0.25, 0.5, 0.75, 1];
/** Fewer looks than that are never evidence enough; see `FIRST_DECIDING_LOOK`. */
const FEWEST_LOOKS = 2;
const UNIT_QUANTILE = 0.95;
/** Logits that differ by less are alike: a metric whose placebos all look the same is not put under a magnifying glass. */
const SMALLEST_UNIT = 0.5;
/** Fewer placebos have no 95th percentile. */
const FEWEST_LOGITS = 20;

/** Looks at which the learned scorer is asked, ascending. */
export function declaredLooks(plannedLooks: number): readonly number[] {
  const looks = DECLARED.map((share) => Math.ceil(share * plannedLooks));
  return [...new Set(looks)].filter((look) => look >= FEWEST_LOOKS);
}

/**
 * How much the learned scorer counts beside the scans. In full, or as the larger of the two, it costs more rank than it brings where a
 * watch has many metrics (compared on the public training cases).
 */
const LEARNED_SHARE = 0.5;

/**
 * Scans and learned scorer together: both only rise over a watch, and so does their sum, so that full-horizon peaks follow from theirs.
 *
 * @param scans largest normalised score of the scans so far
 * @param learned the loudest that the learned scorer got so far
 */
export function joinLearned(scans: number, learned: number): number {
  return scans + LEARNED_SHARE * learned;
}

/**
 * Scans and learned scorer together at every placebo.
 *
 * @param peaks normalised full-horizon peaks of the scans, NaN where a placebo could not be judged
 */
export function joinReplays(
  peaks: Float64Array,
  learned: LearnedReplay,
): { readonly scan: LearnedScan; readonly peaks: Float64Array } {
  const joined = peaks.map((peak, index) => joinLearned(peak, learned.peaks[index] ?? 0));
  const norm = fitLevel(joined) || 1;
  return { scan: { ...learned.scan, norm }, peaks: joined.map((peak) => peak / norm) };
}

/** Whether the learned scorer says more than the scans. */
export function isLearnedLouder(scans: number, learned: number): boolean {
  return LEARNED_SHARE * learned > scans;
}

/** A logit as a score, ≥ 0. */
export function learnedScore({ centre, unit }: LearnedLook, logit: number): number {
  return Math.max(0, (logit - centre) / unit) || 0;
}

function fitLook(look: number, logits: Float64Array): LearnedLook | undefined {
  const fit = logits.filter((logit, index) => isFit(index) && !Number.isNaN(logit)).sort();
  if (fit.length < FEWEST_LOGITS) return undefined;
  const centre = median(fit);
  return { look, centre, unit: Math.max(SMALLEST_UNIT, quantileSorted(fit, UNIT_QUANTILE) - centre) };
}

/**
 * Asks the learned scorer about every placebo at the declared looks, as it will be asked live.
 *
 * @returns undefined when it can say hardly anything at these placebos, or may not compare with the time just before
 */
export function replayLearned(
  scorer: WindowScorer,
  series: GaugeSeries,
  { direction, warmupLooks }: MetricRule,
  plan: ReplayPlan,
): LearnedReplay | undefined {
  if (!plan.hasLevel) return undefined;
  const { looks: plannedLooks, lags, gap, deepBefore: depth, changeIndex } = plan;
  const { values, control } = series;
  const placeAt = (at: number): WindowPlace => ({ at, plannedLooks, lags, gap, depth, warmupLooks });
  const moments = plan.placebos.map((at) => windowSteps(values, control, placeAt(at), STEPS));
  const peaks = new Float64Array(moments.length);
  const looks = declaredLooks(plannedLooks).flatMap((look) => {
    const end = stepsAt(look, plannedLooks);
    const warmup = warmupSteps(placeAt(0));
    const windows = moments.map((steps): LookWindow => ({
      steps,
      end,
      warmup,
      direction,
      smallestScale: SCALE_FLOOR,
    }));
    const logits = lookLogits(scorer, windows);
    const fitted = fitLook(look, logits);
    if (fitted === undefined) return [];
    logits.forEach((logit, index) => {
      peaks[index] = Math.max(peaks[index] ?? 0, learnedScore(fitted, logit));
    });
    return [fitted];
  });
  if (looks.length === 0) return undefined;
  const level = fitLevel(peaks) || 1;
  const place = placeAt(changeIndex);
  const steps = windowSteps(values, control, place, STEPS);
  return {
    scan: {
      looks: looks.map((each) => ({ ...each, unit: each.unit * level })),
      ...{ place, steps, hasControl: control !== undefined },
    },
    peaks: peaks.map((peak) => peak / level),
  };
}
