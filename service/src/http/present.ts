import type { z } from 'zod';
import type { deployment as deploymentSchema, deploymentDetail, deploymentPage } from '../api/deployment.js';
import { formatDuration } from '../api/duration.js';
import type { controls as controlsSchema, outboxPage } from '../api/operations.js';
import type { PolicyInput } from '../api/policy.js';
import {
  instantText,
  optionalInstant,
  presentDeployment,
  presentFeedback,
  presentRollback,
  presentStep,
  presentVerdict,
} from '../app/present.js';
import type { DeploymentView, UseCases } from '../app/use-cases.js';
import type { Deployment } from '../domain/deployment.js';
import type { OutboxMessage } from '../domain/outbox.js';
import type { MetricSpec, Policy } from '../domain/policy.js';
import type { Controls } from '../domain/rollback.js';
import type { Watch } from '../domain/watch.js';

/** A policy as people would write it, every default written out; reading it again gives the same policy. */
export function presentPolicy({
  intervalMs,
  watchMs,
  settleMs,
  historyMs,
  metrics,
  spending,
  ...same
}: Policy): PolicyInput {
  return {
    ...same,
    spending: spending === 'equal' ? spending : [...spending],
    interval: formatDuration(intervalMs),
    watch: formatDuration(watchMs),
    settle: formatDuration(settleMs),
    history: formatDuration(historyMs),
    metrics: metrics.map(presentMetric),
  };
}

function presentMetric({ warmupMs, unit, ...metric }: MetricSpec): PolicyInput['metrics'][number] {
  return { ...metric, ...(unit === '' ? {} : { unit }), warmup: formatDuration(warmupMs) };
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
