import type { Deployment } from '../../domain/deployment.js';
import type { Policy } from '../../domain/policy.js';
import type { Rollback } from '../../domain/rollback.js';
import type { RollbackOrder } from '../port.js';

const policy: Policy = {
  name: 'default',
  mode: 'act',
  alpha: 0.05,
  prior: 0.1,
  intervalMs: 10_000,
  watchMs: 600_000,
  settleMs: 20_000,
  historyMs: 604_800_000,
  earliestContinue: 6,
  minCoverage: 0.8,
  spending: 'equal',
  metrics: [],
  groupWeights: {},
  canarySilence: true,
  brakes: { maxAutomaticRollbacksPerHour: 3, commonCauseServices: 3 },
  reasonRequired: true,
  consumers: { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-closed' },
};

/** An order to roll back checkout 2.0.0, with whatever a test wants different. */
export function rollbackOrder(
  deployment: Partial<Deployment> = {},
  rollback: Partial<Rollback> = {},
): RollbackOrder {
  return {
    rollback: {
      id: 'rb-1',
      deploymentId: 'd1',
      state: 'executing',
      automatic: true,
      reason: 'errors rose from 0.1 % to 1 %',
      actor: 'p-7f3a',
      executor: 'main',
      attempts: 1,
      requestedAtMs: 1_700_000_000_000,
      revision: 2,
      ...rollback,
    },
    deployment: {
      id: 'd1',
      project: 'default',
      service: 'checkout',
      environment: 'production',
      version: '2.0.0',
      previousVersion: '1.9.0',
      strategy: 'canary',
      change: { kind: 'code', commit: 'abc123' },
      dependsOn: [],
      labels: { region: 'eu' },
      links: [],
      plannedSteps: [{ name: 'full' }],
      policy,
      state: 'rolling-back',
      startedAtMs: 1_699_999_000_000,
      createdAtMs: 1_699_999_000_000,
      actor: 'p-7f3a',
      revision: 3,
      ...deployment,
    },
  };
}
