import type { Calibration, MetricCalibration } from '../calibration/calibrate.js';
import type { Assessment, Carried, LearnedPeak, LiveMetric, MetricEvidence } from '../contract.js';
import type { WindowScorer } from '../learned/look-window.js';
import { instanceLikeness } from '../scoring/instance-likeness.js';
import { paretoTailProbability } from '../statistical/pareto-tail.js';
import { learnedPeaks } from './ask-learned.js';
import { decide } from './decide.js';
import { fusedEvidence, fuseLook, type FamilyStanding, type FusedLook } from './fuse-look.js';
import { agreeingHarmProbability, harmProbability } from './harm-probability.js';
import { asEvidence } from './judged-metric.js';
import { NOT_PLACED, stand, type Stand } from './stand.js';

export { INITIAL_CARRIED } from './fuse-look.js';

const NOTHING: LiveMetric = { treatment: { shape: 'gauge', values: new Float64Array(0) } };

/** Carries a p-value beyond the placebos' resolution by a fitted tail, for display alone. */
function extrapolated({ family, peak }: FamilyStanding): number {
  if (!(peak > (family.rank.peaks.at(-1) ?? Infinity))) return 1;
  const tail = paretoTailProbability(family.rank.peaks, peak);
  return 'p' in tail ? Math.min(1, tail.p / family.alphaShare) : 1;
}

/** Shares of the evidence: decades that each deciding metric would bring alone. */
function contributions(solo: readonly number[]): readonly number[] {
  const decades = solo.map((p) => Math.max(0, -Math.log10(p)));
  const total = decades.reduce((sum, value) => sum + value, 0);
  return decades.map((value) => (total > 0 ? value / total : 0));
}

function evidenceOf(each: Stand, contribution: number): MetricEvidence {
  if (each.judged !== undefined && each.gap === undefined)
    return asEvidence(each.judged, contribution, each.unproven);
  const reason = each.gap ?? { ...NOT_PLACED, metric: each.rule.name };
  return {
    kind: 'insufficient',
    name: each.rule.name,
    required: each.rule.required,
    coverage: each.coverage.share,
    reason,
  };
}

/** How much of the planned watch could be judged so far, 0–1: the mean over the metrics that may decide. */
function seenShare(stands: readonly Stand[], plannedLooks: number): number {
  const deciding = stands.filter(({ rule }) => rule.criticality !== 'advisory');
  const seen = deciding.reduce((sum, { gap, unproven, coverage, look }) => {
    if ((gap ?? unproven) !== undefined) return sum;
    return sum + (coverage.seen / Math.max(1, coverage.judged)) * Math.min(1, look / plannedLooks);
  }, 0);
  return seen / Math.max(1, deciding.length);
}

/** All metrics, those in which the arms never ran side by side before by how alike the instances turn out to be. */
function standsAt(
  calibration: Calibration,
  live: readonly LiveMetric[],
  look: number,
  learned: readonly LearnedPeak[] | undefined,
): readonly Stand[] {
  const standOf = (metric: MetricCalibration, index: number, likeness: number): Stand =>
    stand(calibration, metric, live[index] ?? NOTHING, look, { likeness, learned: learned?.[index] });
  const typical = calibration.metrics.map((metric, index) => standOf(metric, index, 1));
  const likeness = instanceLikeness(typical.flatMap(({ judged }) => judged?.apart ?? []));
  if (likeness === 1) return typical;
  return typical.map((each, index) => {
    const metric = calibration.metrics[index];
    return metric === undefined || each.judged?.apart === undefined ? each : standOf(metric, index, likeness);
  });
}

/** A look with what led to its assessment. */
export interface LookResult {
  readonly assessment: Assessment;
  readonly stands: readonly Stand[];
  readonly fused: FusedLook;
}

/** The same as `assess`, with what led to it, for those who explain it. */
export function assessLook(
  calibration: Calibration,
  live: readonly LiveMetric[],
  look: number,
  carried: Carried,
  scorer?: WindowScorer,
): LookResult {
  const { settings } = calibration;
  const learned = learnedPeaks(calibration, live, look, carried, scorer);
  const stands = standsAt(calibration, live, look, learned);
  const fused = fuseLook(calibration, stands, carried);
  const { solo, families, p } = fused;
  const shown = Math.min(p, ...families.map(extrapolated));
  const peakOf = (isCritical: boolean, before: number): number =>
    families.find(({ family }) => family.isCritical === isCritical)?.peak ?? before;
  const decision = decide(calibration, fusedEvidence(calibration, stands, fused, look));
  const shares = contributions(
    solo.map((value, index) => (stands[index]?.rule.criticality === 'advisory' ? 1 : value)),
  );
  const seen = seenShare(stands, settings.plannedLooks);
  const believed = harmProbability(shown, settings.prior, seen, shown < 1 ? 0 : fused.against);
  const unharmed = harmProbability(1, settings.prior, seen);
  const assessment: Assessment = {
    look,
    ...decision,
    p: shown,
    pExtrapolated: shown < p,
    harmProbability: agreeingHarmProbability(believed, unharmed, p <= settings.alpha, {
      isGuardRail: decision.rule === 'guard-rail',
      isRollback: decision.value === 'rollback',
    }),
    metrics: stands.map((each, index) => evidenceOf(each, shares[index] ?? 0)),
    carried: {
      peak: peakOf(false, carried.peak),
      criticalPeak: peakOf(true, carried.criticalPeak),
      p,
      ...(learned === undefined ? {} : { learned }),
    },
  };
  return { assessment, stands, fused };
}

/**
 * Judges a watch at one look. Reads `live` up to `look` and nothing behind it; the same inputs give the same bits.
 *
 * @param live one entry per metric of the snapshot, arrays of at least `look` intervals
 * @param look intervals since the change, 1 … plannedLooks
 * @param carried what the look before handed on; `INITIAL_CARRIED` before the first
 * @param scorer the learned scorer that the watch was calibrated with, where it was with one
 */
export function assess(
  calibration: Calibration,
  live: readonly LiveMetric[],
  look: number,
  carried: Carried,
  scorer?: WindowScorer,
): Assessment {
  return assessLook(calibration, live, look, carried, scorer).assessment;
}
