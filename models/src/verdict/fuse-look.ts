import type { Calibration, CalibratedFamily, MetricCalibration } from '../calibration/calibrate.js';
import type { Carried } from '../contract.js';
import { harmAhead } from '../forecast/harm-ahead.js';
import { loudestTogether } from '../fusion/loudest-together.js';
import { rankP } from '../fusion/placebo-rank.js';
import type { FusedEvidence, MetricStanding } from './decide.js';
import { isBeyondMinEffect, type JudgedMetric } from './judged-metric.js';
import { soloP, type Stand } from './stand.js';

/** What a watch carries before its first look. */
export const INITIAL_CARRIED: Carried = { peak: 0, criticalPeak: 0, p: 1 };

/** Running maximum of a placebo family: the largest of its members' weighted peaks, or the loudest of them together. */
function familyPeak(
  family: CalibratedFamily,
  position: number,
  calibration: Calibration,
  stands: readonly Stand[],
): { readonly peak: number; readonly isTogether: boolean } {
  const scores = calibration.metrics.flatMap((metric, index) =>
    metric.mode === 'placebo' && metric.seat?.family === position
      ? [metric.seat.factor * (stands[index]?.judged?.score ?? 0)]
      : [],
  );
  const largest = Math.max(0, ...scores);
  const together = family.togetherFactor * loudestTogether(scores);
  return { peak: Math.max(largest, together), isTogether: together > largest };
}

/** How a placebo family stands at one look. */
export interface FamilyStanding {
  readonly family: CalibratedFamily;
  readonly peak: number;
  /** Its p-value over its share of α: what it puts forward for the whole watch. */
  readonly p: number;
  /** Whether this look's peak is that of several metrics together: then those that moved decide, though none of them would alone. */
  readonly isTogether: boolean;
}

/** All metrics of one look together. */
export interface FusedLook {
  /** p that each metric alone would give the whole watch, in the order of the calibration. */
  readonly solo: readonly number[];
  readonly families: readonly FamilyStanding[];
  /** Sequential p-value that decides, in (0, 1]. */
  readonly p: number;
  /** Decades of evidence against harm at this look, ≤ 0: of the e-processes' mean, weighted by their shares of α. */
  readonly against: number;
}

/** The weighted mean of e-values is one, whatever their dependence (Vovk & Wang 2021, "E-values: calibration, combination and applications"). */
function decadesAgainst(calibration: Calibration, stands: readonly Stand[]): number {
  let [sum, shares] = [0, 0];
  for (const [index, metric] of calibration.metrics.entries()) {
    const logE = stands[index]?.judged?.logE;
    if (metric.mode !== 'sequential' || logE === undefined) continue;
    sum += metric.alphaShare * Math.exp(logE);
    shares += metric.alphaShare;
  }
  return sum > 0 ? Math.min(0, Math.log10(sum / shares)) : 0;
}

/**
 * Joins the metrics of one look with what the looks before it carried on.
 *
 * @param stands in the order of the calibration's metrics; one without `judged` adds no evidence
 */
export function fuseLook(calibration: Calibration, stands: readonly Stand[], carried: Carried): FusedLook {
  const solo = calibration.metrics.map((metric, index) => {
    const judged = stands[index]?.judged;
    return judged === undefined ? 1 : soloP(metric, judged, calibration);
  });
  const families = calibration.families.map((family, position): FamilyStanding => {
    const before = family.isCritical ? carried.criticalPeak : carried.peak;
    const now = familyPeak(family, position, calibration, stands);
    const peak = Math.max(before, now.peak);
    return { family, peak, p: rankP(family.rank, peak) / family.alphaShare, isTogether: now.isTogether };
  });
  const sequential = solo.filter((_, index) => calibration.metrics[index]?.mode === 'sequential');
  const p = Math.min(carried.p, 1, ...families.map((family) => family.p), ...sequential);
  return { solo, families, p, against: decadesAgainst(calibration, stands) };
}

/** Metrics that decide together have each moved further than this share of quiet watches. */
const MOVED_P = 0.2;

/** Whether a metric is one of several that reached α together. */
function decidesTogether(
  metric: MetricCalibration | undefined,
  judged: JudgedMetric,
  families: readonly FamilyStanding[],
  alpha: number,
): boolean {
  if (metric?.mode !== 'placebo' || metric.seat === undefined) return false;
  const family = families[metric.seat.family];
  return family?.isTogether === true && family.p <= alpha && judged.p <= MOVED_P;
}

function standingOf(each: Stand, reachesAlpha: (judged: JudgedMetric) => boolean): MetricStanding {
  const { rule, look, coverage, gap, lateGap: late, notSeenLately, unproven, judged } = each;
  const isAdvisory = rule.criticality === 'advisory';
  const isDeciding = !isAdvisory && judged !== undefined && reachesAlpha(judged);
  const isSmall = isDeciding && gap === undefined && !isBeyondMinEffect(judged);
  return {
    name: rule.name,
    isAdvisory,
    isRequired: rule.required,
    coverage: coverage.share,
    seen: coverage.seen,
    look,
    lateLooks: rule.lateLooks ?? 0,
    gap,
    lateGap: late,
    notSeenLately,
    unproven,
    judged: gap === undefined ? judged : undefined,
    isDeciding,
    harmAhead: isSmall ? harmAhead({ ...each, judged }) : undefined,
  };
}

/** What `decide` asks of a fused look. */
export function fusedEvidence(
  calibration: Calibration,
  stands: readonly Stand[],
  { solo, families, p }: FusedLook,
  look: number,
): FusedEvidence {
  const { alpha } = calibration.settings;
  return {
    look,
    p,
    isJoint: p <= alpha && families.some(({ isTogether }) => isTogether) && solo.every((own) => own > alpha),
    guardRail: stands.map((each) => each.guardRail).find((reason) => reason !== undefined),
    standings: stands.map((each, index) =>
      standingOf(
        each,
        (judged) =>
          (solo[index] ?? 1) <= alpha || decidesTogether(calibration.metrics[index], judged, families, alpha),
      ),
    ),
  };
}
