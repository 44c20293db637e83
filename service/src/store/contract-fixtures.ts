import type { AccessToken } from '../domain/access.js';
import type { NewAuditEntry } from '../domain/audit.js';
import type { Deployment, Step } from '../domain/deployment.js';
import type { NewOutboxMessage } from '../domain/outbox.js';
import type { Rollback } from '../domain/rollback.js';
import type { SampleBatch } from '../domain/sample.js';
import type { Verdict } from '../domain/verdict.js';
import type { Tick, Watch } from '../domain/watch.js';

/** An instant to count from: 2026-01-05 00:00:00 UTC, a midnight. */
export const baseMs = Date.UTC(2026, 0, 5);

export function aDeployment(id: string, over: Partial<Deployment> = {}): Deployment {
  return {
    id,
    project: 'shop',
    service: 'cart',
    environment: 'production',
    version: '1.2.0',
    previousVersion: '1.1.0',
    strategy: 'rolling',
    change: { kind: 'code', commit: 'abc123' },
    dependsOn: [{ service: 'payments' }],
    labels: { team: 'checkout' },
    links: [{ title: 'Build', url: 'https://ci.example/1' }],
    plannedSteps: [{ name: 'all', trafficShare: 1 }],
    policy: {
      name: 'default',
      mode: 'recommend',
      alpha: 0.05,
      prior: 0.1,
      intervalMs: 60_000,
      watchMs: 1_800_000,
      settleMs: 15_000,
      historyMs: 604_800_000,
      earliestContinue: 0.5,
      minCoverage: 0.8,
      spending: 'equal',
      metrics: [],
      groupWeights: {},
      canarySilence: false,
      brakes: { maxAutomaticRollbacksPerHour: 2, commonCauseServices: 3 },
      reasonRequired: true,
      consumers: { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-open' },
    },
    state: 'running',
    startedAtMs: baseMs,
    createdAtMs: baseMs,
    actor: 'p-1',
    revision: 1,
    ...over,
  };
}

export function aStep(deploymentId: string, index: number): Step {
  return { deploymentId, index, name: `step ${index}`, trafficShare: 0.25, startedAtMs: baseMs + index };
}

export function aWatch(id: string, deploymentId: string, over: Partial<Watch> = {}): Watch {
  return {
    id,
    deploymentId,
    stepIndex: 0,
    kind: 'step',
    state: 'watching',
    changeAtMs: baseMs,
    intervalMs: 60_000,
    settleMs: 15_000,
    plannedLooks: 30,
    firstLook: 1,
    lastLook: 0,
    alpha: 0.05,
    carried: { peak: 0, criticalPeak: 0, p: 1 },
    startedAtMs: baseMs,
    revision: 1,
    ...over,
  };
}

export function aTick(watchId: string, look: number): Tick {
  return {
    watchId,
    look,
    atMs: baseMs + look * 60_000,
    evaluatedAtMs: baseMs + look * 60_000 + 15_000,
    value: 'pending',
    rule: 'watching',
    p: 0.25,
    peak: 1.5,
    harmProbability: 0.125,
    coverage: 1,
  };
}

export function aVerdict(deploymentId: string, sequence: number, over: Partial<Verdict> = {}): Verdict {
  return {
    id: `${deploymentId}-v${sequence}`,
    deploymentId,
    watchId: 'w-1',
    stepIndex: 0,
    sequence,
    look: sequence,
    value: 'pending',
    rule: 'watching',
    guarantee: 'placebo',
    p: 0.5,
    pExtrapolated: false,
    alpha: 0.05,
    prior: 0.1,
    harmProbability: 0.1,
    reasons: [{ code: 'watching', text: 'Watching.' }],
    stillNeeded: [],
    findings: [],
    brakes: [],
    engineVersion: '0.1.0',
    decidedAtMs: baseMs + sequence,
    asOfMs: baseMs,
    ...over,
  };
}

export function aRollback(id: string, deploymentId: string, over: Partial<Rollback> = {}): Rollback {
  return {
    id,
    deploymentId,
    state: 'requested',
    automatic: true,
    reason: 'errors rose',
    actor: 'p-1',
    executor: 'deployer',
    attempts: 0,
    requestedAtMs: baseMs,
    revision: 1,
    ...over,
  };
}

export function aToken(id: string): AccessToken {
  return {
    id,
    name: `token ${id}`,
    role: 'pipeline',
    project: 'shop',
    service: '*',
    environment: '*',
    hash: `hash of ${id}`,
    createdAtMs: baseMs,
  };
}

export function anAuditEntry(number: number, over: Partial<NewAuditEntry> = {}): NewAuditEntry {
  return {
    atMs: baseMs + number,
    project: 'shop',
    actor: 'p-1',
    authentication: 'token:t-1',
    action: 'deployment.start',
    detail: { number, nested: { b: 1, a: ['x'] } },
    ...over,
  };
}

export function aMessage(id: string, createdAtMs = baseMs): NewOutboxMessage {
  return { id, endpoint: 'deployer', type: 'verdict.changed', body: '{"value":"pending"}', createdAtMs };
}

export function aBatch(
  points: readonly (readonly [atMs: number, value: number])[],
  over: Partial<SampleBatch> = {},
): SampleBatch {
  return {
    project: 'shop',
    metric: 'latency_seconds',
    labels: { service: 'cart' },
    type: 'gauge',
    unit: 's',
    timesMs: points.map(([atMs]) => atMs),
    values: points.map(([, value]) => value),
    ...over,
  };
}
