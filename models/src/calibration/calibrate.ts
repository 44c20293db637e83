import type { CalibrationSummary, Guarantee, MetricHistory, Reason, Snapshot } from '../contract.js';
import type { WindowScorer } from '../learned/look-window.js';
import { joinFamily, type Family } from '../fusion/family.js';
import { metricShares, type MetricShare } from '../fusion/metric-shares.js';
import { placeboRank, type PlaceboRank } from '../fusion/placebo-rank.js';
import {
  calibrateHistogram,
  type CalibratedHistogram,
  type ReplayedHistogram,
} from './calibrated-histogram.js';
import { calibrateMetric, type CalibratedMetric, type ReplayedMetric } from './calibrated-metric.js';
import { isFit, isUsed, planReplay, RANKED_SHARE, type ReplayPlan } from './replay-plan.js';
import { quietHistories } from './quiet-past.js';
import { sequentialHistogram, type SequentialHistogram } from './sequential-histogram.js';
import { withoutSharedPast } from './shared-past.js';
import { isDriftUnknown, sequentialMetric, type SequentialMetric } from './sequential-metric.js';

/** How one metric of a watch will be judged. */
export type MetricCalibration =
  | {
      readonly mode: 'placebo';
      readonly metric: CalibratedMetric | CalibratedHistogram;
      /** Its own placebos, for its own p-value. */
      readonly own: PlaceboRank;
      /** Its family and the factor from its score to the family's; absent for advisory metrics. */
      readonly seat?: { readonly family: number; readonly factor: number };
    }
  | {
      readonly mode: 'sequential';
      readonly metric: SequentialMetric | SequentialHistogram;
      readonly alphaShare: number;
    }
  | { readonly mode: 'none'; readonly rule: SequentialMetric['rule']; readonly reason: Reason };

/** A placebo family with its part of α. */
export interface CalibratedFamily extends Family {
  readonly alphaShare: number;
}

/** Everything that `assess` needs; opaque to callers, small, and free of the history. */
export interface Calibration {
  readonly settings: Pick<Snapshot, 'alpha' | 'prior' | 'plannedLooks' | 'earliestContinue' | 'minCoverage'>;
  readonly metrics: readonly MetricCalibration[];
  readonly families: readonly CalibratedFamily[];
  readonly summary: CalibrationSummary;
}

/** A metric joins the placebos when at least this share of them could be judged. */
const USABLE_SHARE = 0.6;
/** The smallest p that placebos can give must reach α (times this margin): above all ranked placebos, which overlap and so are more than the effective number that p counts. The e-processes below that find less and are exposed to drift. */
const REACH_MARGIN = 1;

type Replayed = ReplayedMetric | ReplayedHistogram;

interface Candidate {
  readonly index: number;
  readonly replayed: Replayed;
}

interface SeatedFamily extends CalibratedFamily {
  /** Positions of its metrics in the snapshot, in the order of `factors`. */
  readonly members: readonly number[];
}

/** How attention and α are divided, and the placebo families that came of it (empty: too few placebos). */
interface Seating {
  readonly shares: readonly (MetricShare | undefined)[];
  readonly families: readonly SeatedFamily[];
  readonly effective: number;
  readonly reasons: readonly Reason[];
}

function usableShare({ peaks }: Replayed): number {
  return peaks.filter((peak) => !Number.isNaN(peak)).length / Math.max(1, peaks.length);
}

function ownRank({ peaks }: Replayed, independent: number, alpha: number): PlaceboRank {
  const ranked = peaks.filter((peak, index) => !isFit(index) && !Number.isNaN(peak));
  return placeboRank(ranked, independent, alpha);
}

function joinFamilies(
  candidates: readonly Candidate[],
  shares: readonly (MetricShare | undefined)[],
  plan: ReplayPlan,
): readonly SeatedFamily[] {
  return [true, false].flatMap((isCritical) => {
    const members = candidates.flatMap(({ index, replayed }) => {
      const share = shares[index];
      return share?.isCritical === isCritical ? [{ index, share, peaks: replayed.peaks }] : [];
    });
    if (members.length === 0) return [];
    const alphaShare = members.reduce((sum, member) => sum + member.share.alphaShare, 0);
    const family = joinFamily(isCritical, members, plan.independent, plan.alpha);
    return [{ ...family, alphaShare, members: members.map((member) => member.index) }];
  });
}

function reachesAlpha(family: CalibratedFamily, alpha: number): boolean {
  return (family.rank.effective + 1) * alpha * family.alphaShare >= REACH_MARGIN;
}

/** Most independent placebos that the plan could give, before any was replayed. */
function possiblePlacebos(plan: ReplayPlan): number {
  return Math.min(plan.independent, RANKED_SHARE * plan.placebos.length);
}

function shortHistory(plan: ReplayPlan, effective: number): Reason {
  const text = `The history holds about ${Math.floor(effective)} independent quiet watches of ${plan.looks} looks, too few for placebo calibration at this error rate; e-processes are used, which find less.`;
  return { code: 'short-history', text };
}

const NO_RESERVE: Reason = {
  code: 'no-critical-reserve',
  text: 'The history is too short to reserve half of the error rate for critical metrics; they share it with the others.',
};

/** Seats the replayed metrics: with a reserve for critical ones where the placebos allow it, else in one family. */
function seatMetrics(snapshot: Snapshot, plan: ReplayPlan, candidates: readonly Candidate[]): Seating {
  const rules = snapshot.metrics.map((metric) => metric.rule);
  const attempt = (hasReserve: boolean): Seating => {
    const shares = metricShares(rules, snapshot.groupWeights, hasReserve);
    const families = joinFamilies(candidates, shares, plan);
    const effective = Math.min(possiblePlacebos(plan), ...families.map((family) => family.rank.effective));
    const isEnough = families.length > 0 && families.every((family) => reachesAlpha(family, snapshot.alpha));
    if (isEnough) return { shares, families, effective, reasons: hasReserve ? [] : [NO_RESERVE] };
    return { shares, families: [], effective, reasons: [shortHistory(plan, effective)] };
  };
  const reserved = attempt(true);
  if (reserved.families.length > 0 || candidates.length === 0) return reserved;
  const shared = attempt(false);
  return shared.families.length > 0 ? shared : reserved;
}

function isAdvisory(metric: MetricCalibration): boolean {
  const rule = metric.mode === 'none' ? metric.rule : metric.metric.rule;
  return rule.criticality === 'advisory';
}

/** The weakest guarantee of the metrics that may decide; advisory ones never weaken it. */
function guaranteeOf(metrics: readonly MetricCalibration[]): Guarantee {
  const judged = metrics.filter((metric) => metric.mode !== 'none' && !isAdvisory(metric));
  if (judged.length === 0) return 'none';
  return judged.every((metric) => metric.mode === 'placebo') ? 'placebo' : 'sequential';
}

/** Replays what can be replayed; empty when the placebos would be too few whatever they show. */
function replayAll(
  metrics: readonly MetricHistory[],
  alpha: number,
  plan: ReplayPlan,
  scorer: WindowScorer | undefined,
): readonly Candidate[] {
  if ((possiblePlacebos(plan) + 1) * alpha < REACH_MARGIN) return [];
  return metrics.flatMap((history, index) => {
    const isHistogram = history.rule.shape === 'histogram';
    const replayed = isHistogram ? calibrateHistogram(history, plan) : calibrateMetric(history, plan, scorer);
    return replayed === undefined || usableShare(replayed) < USABLE_SHARE ? [] : [{ index, replayed }];
  });
}

/** Settles how one metric will be judged: by placebos when it has a seat or is advisory among placebos, else by an e-process. */
function settleMetric(
  history: MetricHistory,
  candidate: Candidate | undefined,
  seating: Seating,
  index: number,
  plan: ReplayPlan,
): MetricCalibration {
  if (candidate !== undefined && seating.families.length > 0) {
    const base = {
      mode: 'placebo' as const,
      metric: candidate.replayed.calibrated,
      own: ownRank(candidate.replayed, plan.independent, plan.alpha),
    };
    const family = seating.families.findIndex((each) => each.members.includes(index));
    const seat = seating.families[family];
    return seat === undefined
      ? base
      : { ...base, seat: { family, factor: seat.factors[seat.members.indexOf(index)] ?? 1 } };
  }
  const isHistogram = history.rule.shape === 'histogram';
  const sequential = isHistogram ? sequentialHistogram(history, plan) : sequentialMetric(history, plan);
  if ('code' in sequential)
    return { mode: 'none', rule: history.rule, reason: history.problem ?? sequential };
  return { mode: 'sequential', metric: sequential, alphaShare: seating.shares[index]?.alphaShare ?? 0 };
}

/** The learned scorer as a snapshot asks for it, and what is said of it. */
function learnedOf({ learned }: Snapshot, scorer: WindowScorer | undefined) {
  if (learned === undefined) return { reasons: [] };
  if (scorer?.model === learned.model)
    return { scorer, said: { ...learned, backend: scorer.backend }, reasons: [] };
  const text = `The learned scorer ${learned.model} could not be loaded; the watch is judged without it.`;
  return { reasons: [{ code: 'learned-scorer-missing', text }] };
}

/** The quiet histories, without the control arms where the policy does not compare with them. */
function comparedHistories(snapshot: Snapshot): readonly MetricHistory[] {
  const histories = withoutSharedPast(quietHistories(snapshot));
  if (isUsed(snapshot, 'control')) return histories;
  return histories.map(({ control: _unused, ...history }) => history);
}

function whenBefore(gap: number): string {
  return gap === 0 ? 'just before' : `up to ${gap} intervals before`;
}

/** What is doubtful about each metric's comparison. */
function caveat(metric: MetricCalibration): readonly Reason[] {
  if (metric.mode === 'none') return [metric.reason];
  if (metric.mode === 'placebo') return [];
  const { rule, gap } = metric.metric;
  const { past } = 'past' in metric.metric ? metric.metric : metric.metric.blank;
  if (past.control !== undefined) return [];
  const { name } = rule;
  if (isDriftUnknown(past)) {
    const text = `${name} is compared with the time ${whenBefore(gap)} the change, without a control, and the history is too short to tell its drift from harm: its movement is shown and cannot roll back. A control, a longer history or a guard rail could.`;
    return [{ code: 'before-after', metric: name, text }];
  }
  const text = `${name} is compared with the time ${whenBefore(gap)} the change, without a control: a drift of the whole service would look like harm.`;
  return [{ code: 'before-after', metric: name, text }];
}

/**
 * Prepares a watch: replays the whole pipeline at placebo moments of the service's own past where there is enough of it, and
 * falls back to e-processes where there is not.
 *
 * Heavy (about a second for 20 metrics with a week of minutes; with the learned scorer some ten times as much): call it away from the
 * event loop. Deterministic.
 *
 * @param scorer the model that the snapshot names; a snapshot that names none is judged without, and one whose model is not to be had is
 *   judged without and says so
 */
export function calibrate(snapshot: Snapshot, scorer?: WindowScorer): Calibration {
  const plan = planReplay(snapshot);
  const histories = comparedHistories(snapshot);
  const learned = learnedOf(snapshot, scorer);
  const candidates = replayAll(histories, snapshot.alpha, plan, learned.scorer);
  const seating = seatMetrics(snapshot, plan, candidates);
  const metrics = histories.map((history, index) =>
    settleMetric(
      history,
      candidates.find((each) => each.index === index),
      seating,
      index,
      plan,
    ),
  );
  const { alpha, prior, plannedLooks, earliestContinue, minCoverage } = snapshot;
  return {
    settings: { alpha, prior, plannedLooks, earliestContinue, minCoverage },
    metrics,
    families: seating.families,
    summary: {
      guarantee: guaranteeOf(metrics),
      placebos: plan.placebos.length,
      effectivePlacebos: seating.effective,
      historyMs: (snapshot.changeIndex - plan.gap) * snapshot.intervalMs,
      reasons: [...seating.reasons, ...learned.reasons, ...metrics.flatMap(caveat)],
      ...(learned.said === undefined ? {} : { learned: learned.said }),
    },
  };
}

/** How well the watch is calibrated, for people and for the record. */
export function summarise(calibration: Calibration): CalibrationSummary {
  return calibration.summary;
}
