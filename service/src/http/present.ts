import type { z } from 'zod';
import type { deployment as deploymentSchema, deploymentDetail, deploymentPage } from '../api/deployment.js';
import { formatDuration } from '../api/duration.js';
import type { controls as controlsSchema, outboxPage } from '../api/operations.js';
import type { PolicyInput } from '../api/policy.js';
import type { progress as progressSchema } from '../api/progress.js';
import {
  instantText,
  optionalInstant,
  presentDeployment,
  presentFeedback,
  presentFinding,
  presentRollback,
  presentStep,
  presentVerdict,
} from '../app/present.js';
import { presentReading } from '../app/present-explanation.js';
import { presentCollaboration } from '../app/present-collaboration.js';
import type { DeploymentView, UseCases, WatchProgress } from '../app/use-cases.js';
import type { RequiredCheck } from '../domain/check.js';
import type { Deployment } from '../domain/deployment.js';
import type { OutboxMessage } from '../domain/outbox.js';
import type { BurnRateRail, MetricSpec, Policy } from '../domain/policy.js';
import type { Controls } from '../domain/rollback.js';
import { priorFor } from '../domain/tuning.js';
import type { Watch } from '../domain/watch.js';

/** A policy as people would write it, every default written out; reading it again gives the same policy. */
export function presentPolicy({
  intervalMs,
  watchMs,
  settleMs,
  historyMs,
  metrics,
  spending,
  steps,
  baselines,
  discover,
  requiredChecks,
  holdRoles,
  ...same
}: Policy): PolicyInput {
  return {
    ...same,
    ...(steps === undefined ? {} : { steps: [...steps] }),
    ...(baselines === undefined ? {} : { baselines: [...baselines] }),
    ...(discover === undefined ? {} : { discover: { ...discover, ignore: [...discover.ignore] } }),
    ...(requiredChecks === undefined ? {} : { requiredChecks: requiredChecks.map(presentRequiredCheck) }),
    ...(holdRoles === undefined ? {} : { holdRoles: [...holdRoles] }),
    spending: spending === 'equal' ? spending : [...spending],
    interval: formatDuration(intervalMs),
    watch: formatDuration(watchMs),
    settle: formatDuration(settleMs),
    history: formatDuration(historyMs),
    metrics: metrics.map(presentMetric),
  };
}

function presentRequiredCheck({
  timeoutMs,
  ...same
}: RequiredCheck): NonNullable<PolicyInput['requiredChecks']>[number] {
  return { ...same, timeout: formatDuration(timeoutMs) };
}

function presentMetric({
  warmupMs,
  settleMs,
  horizonMs,
  burnRate,
  unit,
  ...metric
}: MetricSpec): PolicyInput['metrics'][number] {
  return {
    ...metric,
    ...(unit === '' ? {} : { unit }),
    ...(settleMs === undefined ? {} : { settle: formatDuration(settleMs) }),
    ...(horizonMs === undefined ? {} : { horizon: formatDuration(horizonMs) }),
    ...(burnRate === undefined ? {} : { burnRate: presentBurnRate(burnRate) }),
    warmup: formatDuration(warmupMs),
  };
}

function presentBurnRate({
  windows,
  ...same
}: BurnRateRail): NonNullable<PolicyInput['metrics'][number]['burnRate']> {
  return {
    ...same,
    windows: windows.map(({ limit, longMs, shortMs }) => ({
      limit,
      long: formatDuration(longMs),
      short: formatDuration(shortMs),
    })),
  };
}

/** A deployment as the API shows it. */
export function presentWhole(deployment: Deployment): z.input<typeof deploymentSchema> {
  return { ...presentDeployment(deployment), policy: presentPolicy(deployment.policy) };
}

/** Everything of one deployment. */
export function presentView(view: DeploymentView): z.input<typeof deploymentDetail> {
  return {
    ...presentWhole(view.deployment),
    steps: view.steps.map(presentStep),
    watches: view.watches.map(presentWatch),
    verdicts: view.verdicts.map((verdict) => presentVerdict(verdict, view.deployment)),
    rollbacks: view.rollbacks.map(presentRollback),
    feedback: view.feedback.map(presentFeedback),
    ...presentCollaboration(view.collaboration, view.deployment),
  };
}

/** One page of a list. */
export function presentPage(
  page: Awaited<ReturnType<UseCases['listDeployments']>>,
): z.input<typeof deploymentPage> {
  return {
    items: page.items.map(({ deployment, verdict }) => ({
      ...presentWhole(deployment),
      ...(verdict === undefined ? {} : { latestVerdict: presentVerdict(verdict, deployment) }),
    })),
    ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
  };
}

/** The switches of a project. */
export function presentControls(
  project: string,
  { freezeUntilMs, ...same }: Controls,
): z.input<typeof controlsSchema> {
  return { project, ...same, ...optionalInstant('freezeUntil', freezeUntilMs) };
}

/** Messages of the outbox. */
export function presentOutbox(messages: readonly OutboxMessage[]): z.input<typeof outboxPage> {
  return {
    items: messages.map(({ nextAttemptAtMs, createdAtMs, deliveredAtMs, ...same }) => ({
      ...same,
      nextAttemptAt: instantText(nextAttemptAtMs),
      createdAt: instantText(createdAtMs),
      ...optionalInstant('deliveredAt', deliveredAtMs),
    })),
  };
}

/** How a watch stands. */
export function presentProgress(view: WatchProgress): z.input<typeof progressSchema> {
  const { deployment, verdict, watch, ticks, findings, reasons, stillNeeded } = view;
  const looksOn = watch?.state === 'watching' && watch.lastLook < watch.plannedLooks;
  return {
    deploymentId: deployment.id,
    sequence: verdict.sequence,
    verdict: verdict.value,
    ...(watch === undefined ? {} : { watch: presentWatch(watch) }),
    ...(looksOn ? { nextLookAt: instantText(nextLookMs(watch)) } : {}),
    looks: ticks.map(({ look, atMs, p, harmProbability, coverage }) => ({
      ...{ look, p, harmProbability, coverage },
      at: instantText(atMs),
    })),
    prior: priorFor(deployment.policy, watch),
    metrics: findings.map(presentFinding),
    reasons,
    stillNeeded,
    ...presentReading(newestLook(view), deployment),
  };
}

/** While a verdict is pending the newest look speaks, afterwards what decided. */
function newestLook({ verdict, findings, reasons, newest }: WatchProgress) {
  return verdict.value !== 'pending' || newest === undefined
    ? verdict
    : { ...verdict, ...newest, findings, reasons };
}

/** Its interval has ended and settled then. */
function nextLookMs({ changeAtMs, lastLook, intervalMs, settleMs }: Watch): number {
  return changeAtMs + (lastLook + 1) * intervalMs + settleMs;
}

function presentWatch(watch: Watch) {
  const { id, stepIndex, kind, state, plannedLooks, lastLook, alpha } = watch;
  return {
    ...{ id, stepIndex, kind, state, plannedLooks, lastLook, alpha },
    changeAt: instantText(watch.changeAtMs),
    interval: formatDuration(watch.intervalMs),
    settle: formatDuration(watch.settleMs),
    startedAt: instantText(watch.startedAtMs),
    ...optionalInstant('endedAt', watch.endedAtMs),
  };
}
