import type { Assessment, CalibrationSummary, Guarantee, Reason } from '@bellwether/models';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { GateInputs } from '../../domain/gate.js';
import type { VerdictRule, VerdictValue, Withheld } from '../../domain/verdict.js';
import { priorFor } from '../../domain/tuning.js';
import type { Watch } from '../../domain/watch.js';
import type { NewVerdict } from '../write-verdict.js';
import { ruleOf } from '../window/metric-rule.js';
import type { ReadMetric } from '../window/read-metric.js';
import { canarySilence, SILENCE_HARM_PROBABILITY, type CanarySilence } from './canary-silence.js';
import { findingOf } from './describe-finding.js';
import { gateFacts } from './gate-inputs.js';
import { nameProblems } from './name-problems.js';
import { withoutRepeats } from './without-repeats.js';

/** What a look means for its watch: the science's assessment under the service's own rules. */
export interface Judgement {
  readonly value: Exclude<VerdictValue, 'superseded' | 'cancelled'>;
  readonly rule: VerdictRule;
  readonly assessment: Assessment;
  readonly reasons: readonly Reason[];
  /** Required checks and hold that it went through; absent when there are none. */
  readonly inputs?: GateInputs;
  /** What they keep pending. */
  readonly withheld?: Withheld;
}

/** @param scored what the science says of `live` */
export function judgeLook(
  deployment: Deployment,
  step: Step,
  watch: Watch,
  live: readonly ReadMetric[],
  scored: Assessment,
): Judgement {
  const assessment = nameProblems(scored, live);
  const silence = silenceOf(deployment, step, watch, live);
  if (silence)
    return {
      value: 'rollback',
      rule: 'canary-silent',
      assessment: {
        ...assessment,
        harmProbability: Math.max(assessment.harmProbability, SILENCE_HARM_PROBABILITY),
      },
      reasons: [silenceReason(silence), ...assessment.reasons],
    };
  if (watch.kind !== 'late-regression')
    return { value: assessment.value, rule: assessment.rule, assessment, reasons: assessment.reasons };
  // The tail after an early `continue` can only find harm or end: that `continue` stands, but its last tick says what was seen.
  if (assessment.value === 'rollback')
    return { value: 'rollback', rule: 'late-regression', assessment, reasons: assessment.reasons };
  const ended = assessment.look >= watch.plannedLooks;
  const end = assessment.value === 'inconclusive' ? 'inconclusive' : 'continue';
  return {
    value: ended ? end : 'pending',
    rule: assessment.rule,
    assessment,
    reasons: assessment.reasons,
  };
}

function silenceOf(
  { policy }: Deployment,
  step: Step,
  watch: Watch,
  live: readonly ReadMetric[],
): CanarySilence | undefined {
  if (!policy.canarySilence) return undefined;
  const rules = policy.metrics.map((spec) => ruleOf(spec, watch));
  return canarySilence(live, rules, step.trafficShare);
}

function silenceReason({ looks, controlRequests, expected }: CanarySilence): Reason {
  const text = `the canary served nothing for ${looks} intervals while the control group served ${Math.round(controlRequests)} requests; by its share about ${Math.round(expected)} were to be expected`;
  return { code: 'canary-silent', text };
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
  const confidence = confidenceOf(judgement);
  const deciders = decidersOf(judgement.reasons);
  return {
    watchId: watch.id,
    stepIndex: watch.stepIndex,
    look: assessment.look,
    value,
    rule: judgement.rule,
    guarantee: guaranteeOf(judgement),
    p: assessment.p,
    pExtrapolated: assessment.pExtrapolated,
    alpha: watch.alpha,
    prior: priorFor(deployment.policy, watch),
    harmProbability: assessment.harmProbability,
    ...(confidence === undefined ? {} : { confidence }),
    reasons: withoutRepeats([...judgement.reasons, ...(watch.doubts ?? [])]),
    stillNeeded: assessment.stillNeeded,
    findings: assessment.metrics
      .map((m) => findingOf(m, watch.alpha, watch.changeAtMs, watch.intervalMs, deciders.has(m.name)))
      .sort((a, b) => b.contribution - a.contribution),
    brakes: [],
    ...gateFacts(judgement.inputs),
    ...(judgement.withheld === undefined ? {} : { withheld: judgement.withheld }),
    calibration,
    ...(watch.tuning === undefined ? {} : { tuning: watch.tuning }),
    ...(evidenceHash === undefined ? {} : { evidenceHash }),
    ...(assessment.explanation === undefined ? {} : { explanation: assessment.explanation }),
    ...(assessment.forecasts === undefined ? {} : { forecasts: assessment.forecasts }),
    asOfMs: watch.changeAtMs + assessment.look * watch.intervalMs,
  };
}

/** What a gate holds back of a judgement, to be given once it opens. */
export function withheldFrom(value: Withheld['value'], judgement: Judgement): Withheld {
  const confidence = confidenceOf(judgement);
  return {
    value,
    rule: judgement.rule,
    guarantee: guaranteeOf(judgement),
    reasons: judgement.reasons,
    ...(confidence === undefined ? {} : { confidence }),
  };
}

/** A failed check says nothing of how likely harm is. */
function confidenceOf({ value, rule, assessment }: Judgement): number | undefined {
  if (value === 'rollback' && rule !== 'check-failed') return assessment.harmProbability;
  return value === 'continue' ? 1 - assessment.harmProbability : undefined;
}

/** A silent canary and a failed check are the user's own word, as a limit is; a check that is missing guarantees nothing. */
function guaranteeOf({ value, rule, assessment }: Judgement): Guarantee {
  if (rule === 'canary-silent') return 'guard-rail';
  if (rule !== 'check-failed' && rule !== 'checks-missing') return assessment.guarantee;
  return value === 'rollback' ? 'guard-rail' : 'none';
}

/** Harm that is there, and harm that comes within the policy's horizon. */
const HARM_CODES: ReadonlySet<string> = new Set(['harm-found', 'harm-forecast']);

/** Metrics that a rollback rests on. */
export function decidersOf(reasons: readonly Reason[]): ReadonlySet<string | undefined> {
  return new Set(reasons.filter(({ code }) => HARM_CODES.has(code)).map(({ metric }) => metric));
}

/** Smallest coverage over the required metrics (over all when none is required), 0–1. */
export function coverageOf(assessment: Assessment): number {
  const required = assessment.metrics.filter((m) => m.required);
  const counted = required.length > 0 ? required : assessment.metrics;
  return counted.reduce((least, m) => Math.min(least, m.coverage), 1);
}
