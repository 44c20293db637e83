import type { Policy } from '../domain/policy.js';

/** The policy of every deployment of the fake. */
export const fakePolicy: Policy = {
  name: 'default',
  mode: 'recommend',
  alpha: 0.05,
  prior: 0.1,
  intervalMs: 60_000,
  watchMs: 1_800_000,
  settleMs: 120_000,
  historyMs: 604_800_000,
  earliestContinue: 0.5,
  minCoverage: 0.7,
  spending: 'equal',
  metrics: [
    {
      name: 'p95 latency',
      kind: 'latency',
      unit: 's',
      direction: 'up',
      signal: { type: 'gauge', series: { metric: 'p95_seconds', labels: {} }, combine: 'mean' },
      arms: { treatment: { version: '{{version}}' }, control: { version: '{{previousVersion}}' } },
      minEffect: { relative: 0.1 },
      tolerance: { relative: 0.1 },
      criticality: 'normal',
      weight: 1,
      missing: 'required',
      warmupMs: 0,
    },
  ],
  groupWeights: {},
  canarySilence: true,
  brakes: { maxAutomaticRollbacksPerHour: 3, commonCauseServices: 3 },
  reasonRequired: true,
  consumers: { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-open' },
};
