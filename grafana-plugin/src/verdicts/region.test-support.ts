import { regionOf, type Region } from './region.js';
import type { ListedDeployment, WireVerdict } from './wire.js';

/** Beginning of the tests' time. */
export const NOON_MS = Date.UTC(2026, 0, 31, 12);
const MINUTE_MS = 60_000;

/** A verdict as the service gives it. */
export function wireVerdict(change: Partial<WireVerdict> = {}): WireVerdict {
  return {
    deploymentId: 'd-1',
    project: 'default',
    service: 'checkout',
    environment: 'production',
    version: 'v2',
    sequence: 1,
    verdict: 'rollback',
    final: true,
    exitCode: 1,
    rule: 'calibrated-evidence',
    guarantee: 'placebo',
    mode: 'recommend',
    consumers: { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-open' },
    step: { index: 0, name: 'full', last: true },
    look: 6,
    p: 0.004,
    pExtrapolated: false,
    alpha: 0.05,
    prior: 0.1,
    harmProbability: 0.97,
    reasons: [{ code: 'harmful-shift', text: 'error ratio rose by 900 %.' }],
    stillNeeded: [],
    metrics: [
      {
        name: 'error ratio',
        status: 'harmed',
        unit: 'ratio',
        contribution: 1,
        coverage: 1,
        onsetAt: new Date(NOON_MS + MINUTE_MS).toISOString(),
        text: 'error ratio rose by 900 %.',
      },
    ],
    brakes: [],
    decidedAt: new Date(NOON_MS + 7 * MINUTE_MS).toISOString(),
    asOf: new Date(NOON_MS + 6 * MINUTE_MS).toISOString(),
    engineVersion: '1.1.0',
    links: { self: '/api/v1/deployments/d-1/verdict', report: '/deployments/d-1/report' },
    ...change,
  };
}

/** A deployment as the service lists it; `minutes` after noon it began. */
export function listedDeployment(change: Partial<ListedDeployment> = {}, minutes = 0): ListedDeployment {
  return {
    id: 'd-1',
    project: 'default',
    service: 'checkout',
    environment: 'production',
    version: 'v2',
    previousVersion: 'v1',
    strategy: 'rolling',
    change: { kind: 'code' },
    dependsOn: [],
    labels: {},
    links: [],
    plannedSteps: [{ name: 'full' }],
    state: 'finished',
    startedAt: new Date(NOON_MS + minutes * MINUTE_MS).toISOString(),
    createdAt: new Date(NOON_MS + minutes * MINUTE_MS).toISOString(),
    actor: 'a-1',
    revision: 1,
    policy: { metrics: [] } as unknown as ListedDeployment['policy'],
    urls: { self: '', verdict: '', events: '', report: '' },
    latestVerdict: wireVerdict(),
    ...change,
  };
}

/** The region of such a deployment, seen an hour after noon. */
export function region(change: Partial<ListedDeployment> = {}, minutes = 0): Region {
  return regionOf(listedDeployment(change, minutes), NOON_MS + 60 * MINUTE_MS);
}
