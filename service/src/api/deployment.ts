import { z } from 'zod';
import { collaborationShape } from './collaboration.js';
import { changeKinds, strategies } from './deployment-request.js';
import { judgements, metricRelevance } from './feedback.js';
import { discoveryOutcome } from './discovery.js';
import { policyInput } from './policy.js';
import { instantOut } from './scalars.js';
import { optional } from './strict-object.js';
import { verdict } from './verdict.js';

export const deploymentStates = [
  'running',
  'finished',
  'cancelled',
  'superseded',
  'rolling-back',
  'rolled-back',
  'rollback-failed',
] as const;

const labelsOut = z.record(z.string(), z.string()).readonly();

const deploymentShape = {
  id: z.string(),
  project: z.string(),
  service: z.string(),
  environment: z.string(),
  version: z.string(),
  previousVersion: optional(z.string()),
  strategy: z.enum(strategies),
  change: z.object({
    kind: z.enum(changeKinds),
    commit: optional(z.string()),
    committedAt: optional(instantOut),
    ticket: optional(z.string()),
    summary: optional(z.string()),
  }),
  migration: optional(z.object({ reversible: z.boolean(), description: optional(z.string()) })),
  dependsOn: z.array(z.object({ service: z.string(), environment: optional(z.string()) })).readonly(),
  labels: labelsOut,
  links: z.array(z.object({ title: z.string(), url: z.string() })).readonly(),
  plannedSteps: z.array(z.object({ name: z.string(), trafficShare: optional(z.number()) })).readonly(),
  rollbackOf: optional(z.string()).meta({ description: 'Set when this deployment is itself a rollback.' }),
  state: z.enum(deploymentStates),
  startedAt: instantOut,
  finishedAt: optional(instantOut),
  createdAt: instantOut,
  actor: z.string().meta({ description: 'Pseudonym of who started it.' }),
  revision: z.int().meta({ description: 'Rises by one with every write; the ETag for If-Match.' }),
  /** As it was when the deployment started, every default filled in. */
  policy: policyInput,
  discovery: optional(discoveryOutcome),
  urls: z.object({ self: z.string(), verdict: z.string(), events: z.string(), report: z.string() }),
};

const exampleDeployment = {
  id: 'd-17',
  project: 'default',
  service: 'checkout',
  environment: 'production',
  version: '2.14.0',
  strategy: 'canary',
  state: 'running',
  startedAt: '2026-01-31T12:00:00.000Z',
  revision: 1,
};

export const deployment = z.object(deploymentShape).meta({ id: 'Deployment', example: exampleDeployment });

export const step = z
  .object({
    deploymentId: z.string(),
    index: z.int(),
    name: z.string(),
    trafficShare: optional(z.number()),
    startedAt: instantOut,
    endedAt: optional(instantOut),
  })
  .meta({
    id: 'Step',
    example: { deploymentId: 'd-17', index: 1, name: 'full', startedAt: '2026-01-31T12:30:00.000Z' },
  });

export const watch = z
  .object({
    id: z.string(),
    stepIndex: z.int(),
    kind: z.enum(['step', 'late-regression', 'recovery']),
    state: z.enum(['watching', 'decided', 'superseded', 'cancelled']),
    changeAt: instantOut,
    interval: z.string(),
    settle: z.string(),
    plannedLooks: z.int(),
    lastLook: z.int(),
    alpha: z.number(),
    startedAt: instantOut,
    endedAt: optional(instantOut),
  })
  .meta({ id: 'Watch', description: 'One judgement in progress over one step.' });

export const rollback = z
  .object({
    id: z.string(),
    deploymentId: z.string(),
    state: z.enum(['requested', 'executing', 'executed', 'failed', 'refused']),
    automatic: z.boolean(),
    reason: z.string(),
    actor: z.string(),
    executor: z.string(),
    rollbackDeploymentId: optional(z.string()),
    attempts: z.int(),
    detail: optional(z.string()),
    requestedAt: instantOut,
    finishedAt: optional(instantOut),
    revision: z.int(),
  })
  .meta({ id: 'Rollback' });

/** Answer of `POST …/rollback`. */
export const rollbackRequested = rollback.extend({ dryRun: z.boolean() }).meta({ id: 'RollbackRequested' });

export const feedback = z
  .object({
    id: z.string(),
    deploymentId: z.string(),
    verdictId: z.string(),
    judgement: optional(z.enum(judgements)).meta({
      description: 'Absent on an entry that retracts another or speaks of metrics alone.',
    }),
    metrics: optional(z.array(metricRelevance).readonly()),
    retracts: optional(z.string()),
    comment: optional(z.string()),
    actor: z.string(),
    at: instantOut,
  })
  .meta({ id: 'Feedback' });

/** Answer of `GET …/{id}`. */
export const deploymentDetail = z
  .object({
    ...deploymentShape,
    steps: z.array(step).readonly(),
    watches: z.array(watch).readonly(),
    verdicts: z.array(verdict).readonly().meta({ description: 'Newest first; the first one counts.' }),
    rollbacks: z.array(rollback).readonly(),
    feedback: z.array(feedback).readonly(),
    ...collaborationShape,
  })
  .meta({
    id: 'DeploymentDetail',
    example: { ...exampleDeployment, steps: [], watches: [], verdicts: [], rollbacks: [], feedback: [] },
  });

/** Answer of `GET /api/v1/deployments`. */
export const deploymentPage = z
  .object({
    items: z.array(z.object({ ...deploymentShape, latestVerdict: optional(verdict) })).readonly(),
    nextCursor: optional(z.string()),
  })
  .meta({
    id: 'DeploymentPage',
    description: 'Newest first. The next page is behind the `Link` header with rel="next".',
  });
