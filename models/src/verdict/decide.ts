import type { Assessment, DecisionRule, Guarantee, Reason, VerdictValue } from '../contract.js';
import type { Calibration } from '../calibration/calibrate.js';
import type { JudgedMetric } from './judged-metric.js';
import { isBeyondMinEffect, isWithinTolerance } from './judged-metric.js';
import { movedText, percentText } from './movement-words.js';

/** One metric at one look: judged, or why not. */
export interface MetricStanding {
  readonly name: string;
  readonly isAdvisory: boolean;
  readonly isRequired: boolean;
  readonly coverage: number;
  /** Intervals since the change that could be compared. */
  readonly seen: number;
  /** Intervals since the change up to which it is judged. */
  readonly look: number;
  /** Intervals by which that lags behind the look. */
  readonly lateLooks: number;
  readonly gap: Reason | undefined;
  /** Why it is no ground to continue at the end of the watch: too little of it was judged. */
  readonly lateGap: Reason | undefined;
  /** Why it is no ground to continue although it can be judged. */
  readonly notSeenLately: Reason | undefined;
  /** The same of one that shows harm and cannot roll back. */
  readonly unproven: Reason | undefined;
  readonly judged: JudgedMetric | undefined;
  /** Its score brings the family's p to α or below, alone or as one of several that moved. */
  readonly isDeciding: boolean;
  /** Why its effect, below the practical minimum now, harms before the policy's horizon is over. */
  readonly harmAhead: Reason | undefined;
}

/** What the fused evidence says at one look. */
export interface FusedEvidence {
  readonly look: number;
  /** Sequential p-value that decides. */
  readonly p: number;
  /** Whether only several metrics together brought it to α: no metric would have alone. */
  readonly isJoint: boolean;
  readonly guardRail: Reason | undefined;
  readonly standings: readonly MetricStanding[];
}

/** Fewer compared intervals bound nothing, whatever their interval says; more than the first looks, which decide nothing. */
const FEWEST_BOUNDING = 5;

export type Decision = Pick<Assessment, 'value' | 'rule' | 'guarantee' | 'reasons' | 'stillNeeded'>;

function harmReason(metric: JudgedMetric): Reason {
  const text = `${movedText(metric)}, beyond its practical minimum.`;
  return { code: 'harm-found', metric: metric.rule.name, text };
}

function smallEffectReason(metric: JudgedMetric): Reason {
  const text = `${metric.rule.name} moved (${percentText(metric.effect.effect.relative)}), but not harmfully beyond its practical minimum.`;
  return { code: 'effect-below-minimum', metric: metric.rule.name, text };
}

const JOINT_EVIDENCE: Reason = {
  code: 'joint-evidence',
  text: 'None of these metrics moved far enough by itself; that several moved at once is what quiet watches do not show.',
};

/** What a metric that reached α, alone or with others, says: harm now, harm before the policy's horizon, or a change too small to matter. */
function findingsOf({
  isDeciding,
  judged,
  harmAhead,
}: MetricStanding): readonly { readonly harms: boolean; readonly reason: Reason }[] {
  if (!isDeciding || judged === undefined) return [];
  if (isBeyondMinEffect(judged)) return [{ harms: true, reason: harmReason(judged) }];
  if (harmAhead !== undefined) return [{ harms: true, reason: harmAhead }];
  return [{ harms: false, reason: smallEffectReason(judged) }];
}

function rollback(rule: DecisionRule, guarantee: Guarantee, reasons: readonly Reason[]): Decision {
  return { value: 'rollback', rule, guarantee, reasons, stillNeeded: [] };
}

/** Why required metrics bar a `continue`: too little to compare or, where they may decide, nothing lately or harm that proves nothing. */
function missingRequired(standings: readonly MetricStanding[]): readonly Reason[] {
  return standings.flatMap(({ isRequired, isAdvisory, gap, lateGap, notSeenLately, unproven }) => {
    const reason = gap ?? lateGap ?? (isAdvisory ? undefined : (notSeenLately ?? unproven));
    return isRequired && reason !== undefined ? [reason] : [];
  });
}

/** Whether a required metric alone would let the watch end early. */
function isBounded(standing: MetricStanding, earliestLook: number): boolean {
  const { judged, look, seen } = standing;
  const isKnown = missingRequired([standing]).length === 0 && seen >= FEWEST_BOUNDING && look >= earliestLook;
  return isKnown && judged !== undefined && isWithinTolerance(judged);
}

function isHarmBounded(calibration: Calibration, evidence: FusedEvidence): boolean {
  const { settings } = calibration;
  const earliestLook = settings.earliestContinue * settings.plannedLooks;
  if (evidence.look < earliestLook || evidence.p <= settings.alpha) return false;
  const required = evidence.standings.filter((standing) => standing.isRequired && !standing.isAdvisory);
  return required.length > 0 && required.every((standing) => isBounded(standing, earliestLook));
}

function stillNeeded(calibration: Calibration, evidence: FusedEvidence): readonly Reason[] {
  const left = calibration.settings.plannedLooks - evidence.look;
  const wide = evidence.standings.flatMap(({ judged, isAdvisory, isRequired }): Reason[] => {
    if (judged === undefined || isAdvisory || !isRequired || isWithinTolerance(judged)) return [];
    const text = `${judged.rule.name}: its harmful effect is not yet bounded below its tolerance.`;
    return [{ code: 'effect-not-bounded', metric: judged.rule.name, text }];
  });
  return [
    { code: 'looks-left', text: `At most ${left} more look${left === 1 ? '' : 's'} until the watch ends.` },
    ...missingRequired(evidence.standings),
    ...wide,
  ];
}

const NO_EVIDENCE: Reason = {
  code: 'no-evidence',
  text: 'The watch ended with enough data and no evidence of harm. That is absence of evidence, not proof.',
};

const CHANGE_BELOW_MINIMUM: Reason = {
  code: 'change-below-minimum',
  text: 'The watch ended with evidence of a change smaller than the minimum effect, and with none of a larger one.',
};

/** What the end of the watch says nothing of. */
function unjudgedEnds(standings: readonly MetricStanding[]): readonly Reason[] {
  return standings.flatMap(({ name, judged, isAdvisory, lateLooks, lateGap }): Reason[] => {
    if (judged === undefined || isAdvisory || lateLooks === 0 || lateGap !== undefined) return [];
    const text = `${name}: the last ${lateLooks} interval${lateLooks === 1 ? '' : 's'} of the watch were not judged, because its samples arrive that late.`;
    return [{ code: 'end-not-judged', metric: name, text }];
  });
}

function ended(
  guarantee: Guarantee,
  evidence: FusedEvidence,
  isSignificant: boolean,
  notes: readonly Reason[],
): Decision {
  const missing = missingRequired(evidence.standings);
  const ends = unjudgedEnds(evidence.standings);
  const isAnyJudged = evidence.standings.some(
    ({ judged, lateGap, isAdvisory }) => judged !== undefined && lateGap === undefined && !isAdvisory,
  );
  if (missing.length > 0 || !isAnyJudged) {
    const nothing: Reason = { code: 'nothing-judged', text: 'No metric that may decide could be judged.' };
    const reasons = missing.length > 0 ? missing : [nothing];
    return {
      value: 'inconclusive',
      rule: 'not-enough-data',
      guarantee: isAnyJudged ? guarantee : 'none',
      reasons: [...reasons, ...ends, ...notes],
      stillNeeded: [],
    };
  }
  const reason = isSignificant ? CHANGE_BELOW_MINIMUM : NO_EVIDENCE;
  return {
    value: 'continue',
    rule: 'watch-ended-without-evidence',
    guarantee,
    reasons: [reason, ...ends, ...notes],
    stillNeeded: [],
  };
}

/** Applies the rules in order: guard-rail, calibrated evidence, bounded harm, end of the watch, else watch on. */
export function decide(calibration: Calibration, evidence: FusedEvidence): Decision {
  const { settings, summary } = calibration;
  const { guarantee } = summary;
  if (evidence.guardRail !== undefined) return rollback('guard-rail', 'guard-rail', [evidence.guardRail]);
  const findings = evidence.standings.flatMap(findingsOf);
  const harmful = findings.filter(({ harms }) => harms).map(({ reason }) => reason);
  if (evidence.p <= settings.alpha && harmful.length > 0)
    return rollback('calibrated-evidence', guarantee, [
      ...harmful,
      ...(evidence.isJoint ? [JOINT_EVIDENCE] : []),
      ...summary.reasons,
    ]);
  const notes = [...findings.filter(({ harms }) => !harms).map(({ reason }) => reason), ...summary.reasons];
  if (isHarmBounded(calibration, evidence)) {
    const reason: Reason = {
      code: 'harm-bounded',
      text: 'The mean since the change of every required metric, and that of its last third, is bounded to harm less than its tolerance.',
    };
    return {
      value: 'continue',
      rule: 'bounded-harm',
      guarantee,
      reasons: [reason, ...notes],
      stillNeeded: [],
    };
  }
  if (evidence.look >= settings.plannedLooks)
    return ended(guarantee, evidence, evidence.p <= settings.alpha, notes);
  const value: VerdictValue = 'pending';
  return {
    value,
    rule: 'watching',
    guarantee,
    reasons: [...evidence.standings.flatMap(({ unproven }) => unproven ?? []), ...notes],
    stillNeeded: stillNeeded(calibration, evidence),
  };
}
