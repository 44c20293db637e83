import type { Change, Deployment, Step } from '../domain/deployment.js';
import type { Feedback } from '../domain/feedback.js';
import type { Policy } from '../domain/policy.js';
import type { Rollback } from '../domain/rollback.js';
import type { MetricFinding, Verdict, VerdictValue, Withheld } from '../domain/verdict.js';
import { instantText, optionalInstant } from './instant-text.js';
import { presentReading } from './present-explanation.js';
import { presentAttribution } from './present-attribution.js';
import { presentTuning } from './feedback/present-calibration.js';
import { presentStanding } from './present-collaboration.js';

export { instantText, optionalInstant } from './instant-text.js';

/**
 * The code that a command line exits with. `pending` counts as timed out: whoever stops asking then has run out of time.
 */
const exitCodes: Readonly<Record<VerdictValue, number>> = {
  continue: 0,
  rollback: 1,
  inconclusive: 2,
  pending: 4,
  cancelled: 5,
  superseded: 5,
};

/**
 * A verdict as API, webhooks, live stream and report show it. Every field that a poller needs is always there.
 *
 * @param publicUrl where this server is reached, without a slash at its end; '' gives links relative to the root
 */
export function presentVerdict(verdict: Verdict, deployment: Deployment, publicUrl = '') {
  return {
    deploymentId: deployment.id,
    project: deployment.project,
    service: deployment.service,
    environment: deployment.environment,
    version: deployment.version,
    sequence: verdict.sequence,
    verdict: verdict.value,
    final: verdict.value !== 'pending',
    exitCode: exitCodes[verdict.value],
    rule: verdict.rule,
    guarantee: verdict.guarantee,
    mode: deployment.policy.mode,
    consumers: consumersUnder(verdict, deployment),
    step: presentVerdictStep(verdict.stepIndex, deployment),
    look: verdict.look,
    p: verdict.p,
    pExtrapolated: verdict.pExtrapolated,
    alpha: verdict.alpha,
    prior: verdict.prior,
    harmProbability: verdict.harmProbability,
    reasons: verdict.reasons,
    stillNeeded: verdict.stillNeeded,
    metrics: verdict.findings.map(presentFinding),
    brakes: verdict.brakes,
    decidedAt: instantText(verdict.decidedAtMs),
    asOf: instantText(verdict.asOfMs),
    engineVersion: verdict.engineVersion,
    ...presentReading(verdict, deployment),
    ...given({
      previousVersion: deployment.previousVersion,
      confidence: verdict.confidence,
      calibration: verdict.calibration,
      tuning: verdict.tuning && presentTuning(verdict.tuning),
      attribution: verdict.attribution && presentAttribution(verdict.attribution),
      evidenceHash: verdict.evidenceHash,
      checks: verdict.checks?.map(presentStanding),
      hold: verdict.hold && presentVerdictHold(verdict.hold),
      withheld: verdict.withheld && presentWithheld(verdict.withheld),
    }),
    links: {
      self: `${publicUrl}/api/v1/deployments/${encodeURIComponent(deployment.id)}/verdict`,
      report: `${publicUrl}/deployments/${encodeURIComponent(deployment.id)}/report`,
    },
  };
}

const BARRED_BY_CHECKS = new Set<Verdict['rule']>(['awaiting-checks', 'checks-missing', 'check-failed']);

/** Holds and required checks are people's word: no consumer may go on under them, whatever its policy says of a verdict without one. */
function consumersUnder({ hold, rule }: Verdict, { policy }: Deployment): Policy['consumers'] {
  if (hold === undefined && !BARRED_BY_CHECKS.has(rule)) return policy.consumers;
  return { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-closed' };
}

function presentVerdictHold({ reason, sinceMs, untilMs }: NonNullable<Verdict['hold']>) {
  return { reason, since: instantText(sinceMs), ...optionalInstant('until', untilMs) };
}

function presentWithheld({ value, rule, guarantee }: Withheld) {
  return { verdict: value, rule, guarantee };
}

function presentVerdictStep(index: number, deployment: Deployment) {
  const planned = deployment.plannedSteps[index];
  return {
    index,
    name: planned?.name ?? `step ${index + 1}`,
    last: index >= deployment.plannedSteps.length - 1,
    ...given({ trafficShare: planned?.trafficShare }),
  };
}

/** One metric's part in a verdict. */
export function presentFinding({ onsetAtMs, ...finding }: MetricFinding) {
  return { ...finding, ...optionalInstant('onsetAt', onsetAtMs) };
}

/** A rollback as API, webhooks and report show it. */
export function presentRollback(rollback: Rollback) {
  const { requestedAtMs, finishedAtMs, revision, ...same } = rollback;
  return {
    ...same,
    revision,
    requestedAt: instantText(requestedAtMs),
    ...optionalInstant('finishedAt', finishedAtMs),
  };
}

/** One step that has begun. */
export function presentStep({ startedAtMs, endedAtMs, ...step }: Step) {
  return { ...step, startedAt: instantText(startedAtMs), ...optionalInstant('endedAt', endedAtMs) };
}

/** What a person said about a verdict. */
export function presentFeedback({ atMs, ...feedback }: Feedback) {
  return { ...feedback, at: instantText(atMs) };
}

/** A deployment without its policy, which has a shape of its own on the wire. */
export function presentDeployment(deployment: Deployment, publicUrl = '') {
  const self = `${publicUrl}/api/v1/deployments/${encodeURIComponent(deployment.id)}`;
  return {
    id: deployment.id,
    project: deployment.project,
    service: deployment.service,
    environment: deployment.environment,
    version: deployment.version,
    strategy: deployment.strategy,
    change: presentChange(deployment.change),
    dependsOn: deployment.dependsOn,
    labels: deployment.labels,
    links: deployment.links,
    plannedSteps: deployment.plannedSteps,
    state: deployment.state,
    startedAt: instantText(deployment.startedAtMs),
    ...optionalInstant('finishedAt', deployment.finishedAtMs),
    createdAt: instantText(deployment.createdAtMs),
    actor: deployment.actor,
    revision: deployment.revision,
    ...given({
      previousVersion: deployment.previousVersion,
      migration: deployment.migration,
      rollbackOf: deployment.rollbackOf,
      discovery: deployment.discovery,
    }),
    urls: {
      self,
      verdict: `${self}/verdict`,
      events: `${self}/events`,
      report: `${publicUrl}/deployments/${encodeURIComponent(deployment.id)}/report`,
    },
  };
}

function presentChange({ committedAtMs, ...change }: Change) {
  return { ...change, ...optionalInstant('committedAt', committedAtMs) };
}

/** The fields that have a value: an absent field is left out, never sent as null. */
function given<Fields extends object>(fields: Fields) {
  type Given = { readonly [K in keyof Fields]?: Exclude<Fields[K], undefined> };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given;
}
