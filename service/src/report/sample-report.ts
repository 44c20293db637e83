import type { AuditEntry } from '../domain/audit.js';
import { NO_COLLABORATION } from '../domain/collaboration.js';
import type { Deployment } from '../domain/deployment.js';
import type { MetricSpec, Policy } from '../domain/policy.js';
import type { Rollback } from '../domain/rollback.js';
import type { MetricFinding, Verdict } from '../domain/verdict.js';
import type { Watch } from '../domain/watch.js';
import type { ReportPage } from './report-page.js';
import { changeAtMs, minuteMs, sampleCalibration, sampleEvidence, samplePlot } from './sample-plot.js';

/*
 * Reports for tests, built like those of the service. Every builder takes what a test is about and fills in the rest; everything is
 * seeded, so that the same call gives the same page.
 */

export function sampleSpec(over: Partial<MetricSpec> = {}): MetricSpec {
  return {
    name: 'errors',
    kind: 'error',
    unit: 'ratio',
    direction: 'up',
    signal: {
      type: 'ratio',
      events: { metric: 'http_errors_total', labels: {} },
      total: { metric: 'http_requests_total', labels: {} },
    },
    arms: { treatment: { version: '{{version}}' }, control: { version: '{{previousVersion}}' } },
    minEffect: { absolute: 0.002 },
    tolerance: { absolute: 0.005 },
    criticality: 'normal',
    weight: 1,
    missing: 'optional',
    warmupMs: 0,
    ...over,
  };
}

export function samplePolicy(over: Partial<Policy> = {}): Policy {
  return {
    name: 'shop',
    mode: 'recommend',
    alpha: 0.05,
    prior: 0.1,
    intervalMs: minuteMs,
    watchMs: 60 * minuteMs,
    settleMs: 2 * minuteMs,
    historyMs: 7 * 24 * 60 * minuteMs,
    earliestContinue: 0.5,
    minCoverage: 0.8,
    spending: 'equal',
    metrics: [sampleSpec()],
    groupWeights: {},
    canarySilence: true,
    brakes: { maxAutomaticRollbacksPerHour: 3, commonCauseServices: 3 },
    executor: 'argo',
    reasonRequired: true,
    consumers: { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-open' },
    ...over,
  };
}

export function sampleDeployment(over: Partial<Deployment> = {}): Deployment {
  return {
    id: 'dep-7f3a',
    project: 'default',
    service: 'shop-api',
    environment: 'production',
    version: '1.4.2',
    previousVersion: '1.4.1',
    strategy: 'rolling',
    change: {
      kind: 'code',
      commit: '9f2c41e7b0d3',
      committedAtMs: changeAtMs - 90 * minuteMs,
      ticket: 'SHOP-1291',
      summary: 'Retry payment calls with the new client',
    },
    dependsOn: [{ service: 'payments', environment: 'production' }, { service: 'stock' }],
    labels: { region: 'eu-west', team: 'checkout' },
    links: [
      { title: 'Pipeline run 5512', url: 'https://ci.example.com/runs/5512' },
      { title: 'Commit', url: 'https://git.example.com/shop/api/commit/9f2c41e7b0d3' },
    ],
    plannedSteps: [{ name: 'all' }],
    policy: samplePolicy(),
    state: 'running',
    startedAtMs: changeAtMs,
    createdAtMs: changeAtMs + 1500,
    actor: 'p-41c8',
    revision: 3,
    ...over,
  };
}

export function sampleFinding(over: Partial<MetricFinding> = {}): MetricFinding {
  return {
    name: 'errors',
    status: 'harmed',
    unit: 'ratio',
    contribution: 0.83,
    p: 0.0031,
    effect: { relative: 9, relativeLow: 6.4, relativeHigh: 12.1, absolute: 0.009, level: 0.95 },
    onsetAtMs: changeAtMs + 3 * minuteMs,
    baseline: 'season',
    scorer: 'counts',
    coverage: 1,
    text: 'errors rose by +900 % (+640 % to +1210 %) against season',
    ...over,
  };
}

export function sampleVerdict(over: Partial<Verdict> = {}): Verdict {
  const look = over.look ?? 6;
  return {
    id: `v-${over.sequence ?? 2}`,
    deploymentId: 'dep-7f3a',
    watchId: 'w-1',
    stepIndex: 0,
    sequence: 2,
    look,
    value: 'rollback',
    rule: 'calibrated-evidence',
    guarantee: 'placebo',
    p: 0.0041,
    pExtrapolated: false,
    alpha: 0.05,
    prior: 0.1,
    harmProbability: 0.987,
    confidence: 0.987,
    reasons: [
      {
        code: 'family-evidence',
        text: 'the evidence of all metrics together passed what quiet days reach in 1 of 244 watches',
      },
      { code: 'effect', text: 'errors rose beyond the smallest change you care about', metric: 'errors' },
    ],
    stillNeeded: [],
    findings: [sampleFinding()],
    brakes: [],
    calibration: sampleCalibration,
    evidenceHash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
    engineVersion: '0.1.0',
    decidedAtMs: changeAtMs + look * minuteMs + 2 * minuteMs + 400,
    asOfMs: changeAtMs + look * minuteMs,
    ...over,
  };
}

export function sampleWatch(over: Partial<Watch> = {}): Watch {
  return {
    id: 'w-1',
    deploymentId: 'dep-7f3a',
    stepIndex: 0,
    kind: 'step',
    state: 'decided',
    changeAtMs,
    intervalMs: minuteMs,
    settleMs: 2 * minuteMs,
    plannedLooks: 60,
    firstLook: 1,
    lastLook: 6,
    alpha: 0.05,
    carried: { peak: 3.1, criticalPeak: 0, p: 0.0041 },
    snapshotHash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
    startedAtMs: changeAtMs + 1500,
    revision: 8,
    ...over,
  };
}

/** Looks of one watch: p falls from 1 to `leastP`, the verdict changes to `ends` at the last one. */
export function sampleTicks(watch: Watch, looks: number, leastP: number, ends: string): ReportPage['ticks'] {
  return Array.from({ length: looks }, (_, index) => {
    const look = index + 1;
    const p = leastP ** Math.max(0, (look - looks / 3) / (looks - looks / 3 || 1));
    return {
      watchId: watch.id,
      watchKind: watch.kind,
      look,
      atMs: watch.changeAtMs + look * watch.intervalMs,
      evaluatedAtMs: watch.changeAtMs + look * watch.intervalMs + watch.settleMs,
      value: look === looks ? ends : 'pending',
      rule: 'watching',
      p: Math.max(leastP, Math.min(1, p)),
      peak: 4 * (1 - p),
      harmProbability: 1 - 0.9 * p,
      coverage: 1,
    };
  });
}

export function sampleRollback(over: Partial<Rollback> = {}): Rollback {
  return {
    id: 'rb-1',
    deploymentId: 'dep-7f3a',
    state: 'executed',
    automatic: false,
    reason: 'errors at checkout, see the incident channel',
    actor: 'p-77aa',
    executor: 'argo',
    rollbackDeploymentId: 'dep-7f3b',
    attempts: 1,
    detail: 'rollout aborted, 12 of 12 pods on 1.4.1',
    requestedAtMs: changeAtMs + 9 * minuteMs,
    finishedAtMs: changeAtMs + 10 * minuteMs,
    revision: 3,
    ...over,
  };
}

export function sampleAudit(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    sequence: 118,
    atMs: changeAtMs + 1500,
    project: 'default',
    actor: 'p-41c8',
    authentication: 'token:t-9',
    action: 'deployment.start',
    deploymentId: 'dep-7f3a',
    detail: { version: '1.4.2', steps: 1 },
    previousHash: '4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce',
    hash: '4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a',
    ...over,
  };
}

/** A page in which errors rose and nobody has acted yet. */
export function sampleReport(over: Partial<ReportPage> = {}): ReportPage {
  const watch = sampleWatch();
  return {
    deployment: sampleDeployment(),
    steps: [{ deploymentId: 'dep-7f3a', index: 0, name: 'all', startedAtMs: changeAtMs }],
    watches: [watch],
    verdicts: [sampleVerdict()],
    rollbacks: [],
    feedback: [],
    collaboration: NO_COLLABORATION,
    ticks: sampleTicks(watch, 6, 0.0041, 'rollback'),
    evidence: sampleEvidence([
      samplePlot({ name: 'errors', unit: 'ratio', level: 0.001, shift: 9, after: 6 }),
    ]),
    audit: [sampleAudit()],
    people: { 'p-41c8': 'release-pipeline', 'p-77aa': 'Ada Okafor' },
    ...over,
  };
}
