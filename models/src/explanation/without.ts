import type { Calibration } from '../calibration/calibrate.js';
import { decide } from '../verdict/decide.js';
import { fusedEvidence, fuseLook, INITIAL_CARRIED } from '../verdict/fuse-look.js';
import type { Stand } from '../verdict/stand.js';
import type { LookResult } from '../verdict/assess.js';
import type { Flip } from './explanation.js';

/** One look that was judged. */
export interface JudgedLook extends LookResult {
  readonly calibration: Calibration;
  readonly look: number;
}

/** More counterfactuals than these nobody reads. */
const MOST = 3;

/**
 * Whether the evidence of this look alone gives what was carried up to it. Where an earlier look carried more, such as the
 * evidence of a metric that has gone silent since, it is not known whose that was, and nothing is said.
 */
function isOfThisLook({ calibration, stands, fused }: JudgedLook): boolean {
  const fresh = fuseLook(calibration, stands, INITIAL_CARRIED);
  const isSame = fresh.families.every(({ peak }, index) => peak === fused.families[index]?.peak);
  return isSame && fresh.p === fused.p;
}

/** The decision with some metrics changed, by the same rules and the same placebos. */
function decideAgain(judged: JudgedLook, change: (each: Stand) => Stand) {
  const { calibration, stands, look } = judged;
  const changed = stands.map(change);
  const fused = fuseLook(calibration, changed, INITIAL_CARRIED);
  const decision = decide(calibration, fusedEvidence(calibration, changed, fused, look));
  return { p: fused.p, verdict: decision.value };
}

/** A metric that shows nothing unusual: no evidence, no limit passed, and its interval still proves nothing. */
function silenced(each: Stand): Stand {
  const { judged, guardRail, ...rest } = each;
  if (judged === undefined) return { ...rest, judged, guardRail: undefined };
  const nothing = { ...judged, score: 0, p: 1, onsetLook: undefined };
  return { ...rest, judged: nothing, guardRail: undefined };
}

function withoutMetrics(judged: JudgedLook): readonly Flip[] {
  const { assessment, stands, fused, calibration } = judged;
  const { alpha } = calibration.settings;
  const deciders = stands.flatMap(({ rule, judged: own }, index) => {
    const solo = fused.solo[index] ?? 1;
    return own !== undefined && rule.criticality !== 'advisory' && solo <= alpha ? [{ rule, solo }] : [];
  });
  return deciders
    .toSorted((a, b) => a.solo - b.solo)
    .slice(0, MOST)
    .flatMap(({ rule }): Flip[] => {
      const { p, verdict } = decideAgain(judged, (each) => (each.rule === rule ? silenced(each) : each));
      const isOther = verdict !== assessment.value;
      return isOther ? [{ kind: 'without-metric', metric: rule.name, verdict, p }] : [];
    });
}

function withoutLimit(judged: JudgedLook): readonly Flip[] {
  const { assessment, stands } = judged;
  const passed = stands.filter(({ guardRail }) => guardRail !== undefined);
  const [only] = passed;
  if (assessment.rule !== 'guard-rail' || only === undefined || passed.length > 1) return [];
  const { p, verdict } = decideAgain(judged, (each) => ({ ...each, guardRail: undefined }));
  return verdict === assessment.value ? [] : [{ kind: 'without-limit', metric: only.rule.name, verdict, p }];
}

function notRequired(judged: JudgedLook): readonly Flip[] {
  const { assessment, stands } = judged;
  const isMissing = ({ rule, gap, lateGap, notSeenLately, unproven }: Stand): boolean =>
    rule.required && (gap ?? lateGap ?? notSeenLately ?? unproven) !== undefined;
  const missing = stands.filter(isMissing);
  if (missing.length === 0 || assessment.value === 'rollback') return [];
  const { verdict } = decideAgain(judged, (each) =>
    isMissing(each) ? { ...each, rule: { ...each.rule, required: false } } : each,
  );
  if (verdict === assessment.value) return [];
  return [{ kind: 'not-required', metrics: missing.map(({ rule }) => rule.name), verdict }];
}

/**
 * What the verdict would have been had a metric shown nothing, had a limit held, or were missing metrics not required: decided
 * again by the same rules against the same placebos. Only what changes the verdict is given.
 */
export function flipsWithout(judged: JudgedLook): readonly Flip[] {
  if (!isOfThisLook(judged)) return [];
  return [...withoutLimit(judged), ...withoutMetrics(judged), ...notRequired(judged)];
}
