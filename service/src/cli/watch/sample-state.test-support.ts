import type { WireVerdict } from '../../api/verdict.js';
import type { WireDeploymentDetail } from '../deployments-api.js';
import type { WatchState } from './watch-state.js';

export const CHANGE_MS = Date.UTC(2026, 0, 31, 12);
const at = (minutes: number): string => new Date(CHANGE_MS + minutes * 60_000).toISOString();

const effect = { relative: 0.031, relativeLow: -0.02, relativeHigh: 0.08, absolute: 0.01, level: 0.95 };

/** A canary in the middle of its first step. */
export function sampleState(
  change: {
    readonly verdict?: Partial<WireVerdict>;
    readonly progress?: Partial<WatchState['progress']>;
  } = {},
): WatchState {
  const verdict: WireVerdict = {
    deploymentId: 'd-17',
    project: 'default',
    service: 'checkout',
    environment: 'production',
    version: '2.14.0',
    previousVersion: '2.13.2',
    sequence: 1,
    verdict: 'pending',
    final: false,
    exitCode: 4,
    rule: 'watching',
    guarantee: 'placebo',
    mode: 'recommend',
    consumers: { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-open' },
    step: { index: 0, name: 'canary', last: false, trafficShare: 0.05 },
    look: 1,
    p: 0.9,
    pExtrapolated: false,
    alpha: 0.0167,
    prior: 0.1,
    harmProbability: 0.1,
    reasons: [{ code: 'watching', text: 'The watch runs.' }],
    stillNeeded: [],
    metrics: [],
    brakes: [],
    calibration: { guarantee: 'placebo', placebos: 120, effectivePlacebos: 60.4, historyMs: 1, reasons: [] },
    decidedAt: at(1),
    asOf: at(1),
    engineVersion: '0.1.0',
    links: { self: '/api/v1/deployments/d-17/verdict', report: '/deployments/d-17/report' },
    ...change.verdict,
  };
  const watch = {
    id: 'w-1',
    stepIndex: 0,
    kind: 'step' as const,
    state: 'watching' as const,
    changeAt: at(0),
    interval: '1m',
    settle: '2m',
    plannedLooks: 30,
    lastLook: 6,
    alpha: 0.0167,
    startedAt: at(0),
  };
  const deployment: WireDeploymentDetail = {
    id: 'd-17',
    project: 'default',
    service: 'checkout',
    environment: 'production',
    version: '2.14.0',
    previousVersion: '2.13.2',
    strategy: 'canary',
    change: { kind: 'code' },
    dependsOn: [],
    labels: {},
    links: [],
    plannedSteps: [
      { name: 'canary', trafficShare: 0.05 },
      { name: 'half', trafficShare: 0.5 },
      { name: 'full' },
    ],
    state: 'running',
    startedAt: at(0),
    createdAt: at(0),
    actor: 'p-1',
    revision: 1,
    policy: { metrics: [] },
    urls: { self: '', verdict: '', events: '', report: '/deployments/d-17/report' },
    steps: [],
    watches: [watch],
    verdicts: [verdict],
    rollbacks: [],
    feedback: [],
    checks: [],
    notes: [],
    incidents: [],
    acknowledgements: [],
  };
  return {
    deployment,
    verdict,
    progress: {
      deploymentId: 'd-17',
      sequence: 1,
      verdict: 'pending',
      watch,
      nextLookAt: at(9),
      looks: [1, 2, 3, 4, 5, 6].map((look) => ({
        look,
        at: at(look),
        p: 0.42,
        harmProbability: look / 8,
        coverage: 1,
      })),
      prior: 0.1,
      metrics: [
        {
          name: 'p95 latency',
          status: 'moved',
          unit: 's',
          contribution: 0.8,
          p: 0.01,
          effect,
          coverage: 1,
          text: 't',
        },
        { name: 'error ratio', status: 'insufficient', unit: '', contribution: 0, coverage: 0.2, text: 't' },
      ],
      reasons: [],
      stillNeeded: [{ code: 'watch-end', text: 'At most 24 more looks until the watch ends.' }],
      ...change.progress,
    },
  };
}
