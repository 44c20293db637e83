import type { Assessment, CalibrationSummary, LiveMetric, Reason } from '@bellwether/models';
import type { Deployment } from '../../domain/deployment.js';
import type { VerdictRule, VerdictValue } from '../../domain/verdict.js';
import type { Watch } from '../../domain/watch.js';
import type { NewVerdict } from '../write-verdict.js';
import { canaryIsSilent } from './canary-silence.js';
import { findingOf } from './describe-finding.js';

/** What a look means for its watch: the science's assessment under the service's own rules. */
export interface Judgement {
  readonly value: Exclude<VerdictValue, 'superseded' | 'cancelled'>;
  readonly rule: VerdictRule;
  readonly assessment: Assessment;
  readonly reasons: readonly Reason[];
}

const CANARY_SILENT: Reason = {
  code: 'canary-silent',
  text: 'the canary served nothing for three intervals while the control group served requests',
};

export function judgeLook(
  deployment: Deployment,
  watch: Watch,
  live: readonly LiveMetric[],
  assessment: Assessment,
): Judgement {
  if (deployment.policy.canarySilence && canaryIsSilent(live))
    return {
      value: 'rollback',
      rule: 'canary-silent',
      assessment,
      reasons: [CANARY_SILENT, ...assessment.reasons],
    };
  if (watch.kind !== 'late-regression')
    return { value: assessment.value, rule: assessment.rule, assessment, reasons: assessment.reasons };
  // The tail after an early `continue` can only find harm or end: that `continue` stands.
  if (assessment.value === 'rollback')
    return { value: 'rollback', rule: 'late-regression', assessment, reasons: assessment.reasons };
  const ended = assessment.look >= watch.plannedLooks;
  return {
    value: ended ? 'continue' : 'pending',
    rule: assessment.rule,
    assessment,
    reasons: assessment.reasons,
  };
}

/** The verdict that a judgement makes, without what the store adds. */
export function verdictOf(
  deployment: Deployment,
  watch: Watch,
  judgement: Judgement,
  calibration: CalibrationSummary,
  evidenceHash: string | undefined,
): NewVerdict {
  const { assessment, value } = judgement;
  const silent = judgement.rule === 'canary-silent';
  const confidence =
    value === 'rollback'
      ? assessment.harmProbability
      : value === 'continue'
        ? 1 - assessment.harmProbability
        : undefined;
  return {
    watchId: watch.id,
    stepIndex: watch.stepIndex,
    look: assessment.look,
    value,
    rule: judgement.rule,
    guarantee: silent ? 'guard-rail' : assessment.guarantee,
    p: assessment.p,
    pExtrapolated: assessment.pExtrapolated,
    alpha: watch.alpha,
    prior: deployment.policy.prior,
    harmProbability: assessment.harmProbability,
    ...(confidence === undefined ? {} : { confidence }),
    reasons: judgement.reasons,
    stillNeeded: assessment.stillNeeded,
    findings: assessment.metrics
      .map((m) => findingOf(m, watch.alpha, watch.changeAtMs, watch.intervalMs))
      .sort((a, b) => b.contribution - a.contribution),
    brakes: [],
    calibration,
    ...(evidenceHash === undefined ? {} : { evidenceHash }),
    asOfMs: watch.changeAtMs + assessment.look * watch.intervalMs,
  };
}

/** Smallest coverage over the required metrics (over all when none is required), 0–1. */
export function coverageOf(assessment: Assessment): number {
  const required = assessment.metrics.filter((m) => m.required);
  const counted = required.length > 0 ? required : assessment.metrics;
  return counted.reduce((least, m) => Math.min(least, m.coverage), 1);
}
