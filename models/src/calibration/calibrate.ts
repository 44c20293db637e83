import type { CalibrationSummary, Reason, Snapshot } from '../contract.js';
import { joinFamily, type Family } from '../fusion/family.js';
import { metricShares, type MetricShare } from '../fusion/metric-shares.js';
import { placeboRank, type PlaceboRank } from '../fusion/placebo-rank.js';
import { calibrateMetric, type CalibratedMetric, type ReplayedMetric } from './calibrated-metric.js';
import { isFit, planReplay, RANKED_SHARE, type ReplayPlan } from './replay-plan.js';
import { sequentialMetric, type SequentialMetric } from './sequential-metric.js';

/** How one metric of a watch will be judged. */
export type MetricCalibration =
  | {
      readonly mode: 'placebo';
      readonly metric: CalibratedMetric;
      /** Its own placebos, for its own p-value. */
      readonly own: PlaceboRank;
      /** Its family and the factor from its score to the family's; absent for advisory metrics. */
      readonly seat?: { readonly family: number; readonly factor: number };
    }
  | { readonly mode: 'sequential'; readonly metric: SequentialMetric; readonly alphaShare: number }
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
/** The smallest p that placebos can give must undercut α by this factor, so that one odd placebo does not bar every rollback; chosen by the A/A bench. */
const REACH_MARGIN = 1.25;

interface Candidate {
  readonly index: number;
  readonly share: MetricShare | undefined;
  readonly replayed: ReplayedMetric;
}

function usableShare({ peaks }: ReplayedMetric): number {
  return peaks.filter((peak) => !Number.isNaN(peak)).length / Math.max(1, peaks.length);
}

function ownRank({ peaks }: ReplayedMetric, independent: number): PlaceboRank {
  const ranked = peaks.filter((peak, index) => !isFit(index) && !Number.isNaN(peak));
  return placeboRank(ranked, independent);
}

function families(
  candidates: readonly Candidate[],
  plan: ReplayPlan,
): readonly (CalibratedFamily & { readonly members: readonly number[] })[] {
  return [true, false].flatMap((isCritical) => {
    const members = candidates.flatMap(({ index, share, replayed }) =>
      share?.isCritical === isCritical ? [{ index, share, peaks: replayed.peaks }] : [],
    );
    if (members.length === 0) return [];
    const alphaShare = members.reduce((sum, member) => sum + member.share.alphaShare, 0);
    return [
      {
        ...joinFamily(isCritical, members, plan.independent),
        alphaShare,
        members: members.map((member) => member.index),
      },
    ];
  });
}

function reachesAlpha(family: CalibratedFamily, alpha: number): boolean {
  return (family.rank.effective + 1) * alpha * family.alphaShare >= REACH_MARGIN;
}

function summarised(
  snapshot: Snapshot,
  metrics: readonly MetricCalibration[],
  joined: readonly CalibratedFamily[],
  placebos: number,
  reasons: readonly Reason[],
): CalibrationSummary {
  const judged = metrics.filter((metric) => metric.mode !== 'none');
  const isPlacebo = judged.every((metric) => metric.mode === 'placebo');
  return {
    guarantee: judged.length === 0 ? 'none' : isPlacebo ? 'placebo' : 'sequential',
    placebos,
    effectivePlacebos: joined.length === 0 ? 0 : Math.min(...joined.map((family) => family.rank.effective)),
    historyMs: snapshot.changeIndex * snapshot.intervalMs,
    reasons,
  };
}

/** Replays what can be replayed; empty when the placebos would be too few whatever they show. */
function replayAll(
  snapshot: Snapshot,
  plan: ReplayPlan,
  shares: readonly (MetricShare | undefined)[],
): readonly Candidate[] {
  if ((Math.min(plan.independent, RANKED_SHARE * plan.placebos.length) + 1) * snapshot.alpha < REACH_MARGIN) return [];
  return snapshot.metrics.flatMap((history, index) => {
    const replayed = calibrateMetric(history, plan);
    if (replayed === undefined || usableShare(replayed) < USABLE_SHARE) return [];
    return [{ index, share: shares[index], replayed }];
  });
}

function shortHistory(plan: ReplayPlan, effective: number): Reason {
  const text = `The history holds about ${Math.floor(effective)} independent quiet watches of ${plan.looks} looks, too few for placebo calibration at this error rate; e-processes are used, which find less.`;
  return { code: 'short-history', text };
}

/**
 * Prepares a watch: replays the whole pipeline at placebo moments of the service's own past where there is enough of it, and
 * falls back to e-processes where there is not.
 *
 * Heavy (about a second for 20 metrics with a week of minutes): call it away from the event loop. Deterministic.
 */
export function calibrate(snapshot: Snapshot): Calibration {
  const plan = planReplay(snapshot);
  const rules = snapshot.metrics.map((metric) => metric.rule);
  const shares = metricShares(rules, snapshot.groupWeights);
  const candidates = replayAll(snapshot, plan, shares);
  const joined = families(candidates, plan);
  const isEnough = joined.length > 0 && joined.every((family) => reachesAlpha(family, snapshot.alpha));
  const seats = new Map(
    joined.flatMap((family, position) =>
      family.members.map(
        (index, at) => [index, { family: position, factor: family.factors[at] ?? 1 }] as const,
      ),
    ),
  );
  const metrics = snapshot.metrics.map((history, index): MetricCalibration => {
    const candidate = isEnough ? candidates.find((each) => each.index === index) : undefined;
    if (candidate !== undefined) {
      const own = ownRank(candidate.replayed, plan.independent);
      const seat = seats.get(index);
      const base = { mode: 'placebo' as const, metric: candidate.replayed.calibrated, own };
      return seat === undefined ? base : { ...base, seat };
    }
    const sequential = sequentialMetric(history);
    if ('code' in sequential) return { mode: 'none', rule: history.rule, reason: sequential };
    return { mode: 'sequential', metric: sequential, alphaShare: shares[index]?.alphaShare ?? 0 };
  });
  const kept = isEnough ? joined.map(({ members: _members, ...family }) => family) : [];
  const effective =
    joined.length === 0
      ? Math.min(plan.independent, RANKED_SHARE * plan.placebos.length)
      : Math.min(...joined.map((family) => family.rank.effective));
  const reasons = [
    ...(isEnough ? [] : [shortHistory(plan, effective)]),
    ...metrics.flatMap((metric) => (metric.mode === 'none' ? [metric.reason] : [])),
  ];
  const { alpha, prior, plannedLooks, earliestContinue, minCoverage } = snapshot;
  return {
    settings: { alpha, prior, plannedLooks, earliestContinue, minCoverage },
    metrics,
    families: kept,
    summary: summarised(snapshot, metrics, kept, plan.placebos.length, reasons),
  };
}

/** How well the watch is calibrated, for people and for the record. */
export function summarise(calibration: Calibration): CalibrationSummary {
  return calibration.summary;
}
