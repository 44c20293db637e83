import { NO_COLLABORATION } from '../domain/collaboration.js';
import type { ReportPage } from './report-page.js';
import { changeAtMs, minuteMs } from './sample-plot.js';
import { sampleDeployment, sampleRollback, sampleVerdict, sampleWatch } from './sample-report.js';
import {
  firstVerdict,
  harmedShop,
  quietFindings,
  rollbackVerdict,
  shopPolicy,
  watchedShop,
} from './sample-shop.js';

const migration = { reversible: false, description: 'drops column orders.legacy_total' };

/** A shop that was rolled back by itself, and what its recovery watch says. */
function rolledBack(value: 'pending' | 'continue' | 'rollback'): ReportPage {
  const watch = sampleWatch({
    id: 'w-9',
    deploymentId: 'dep-7f3b',
    kind: 'recovery',
    state: value === 'pending' ? 'watching' : 'decided',
    changeAtMs: changeAtMs + 10 * minuteMs,
    lastLook: 3,
    plannedLooks: 30,
  });
  return {
    ...harmedShop,
    deployment: sampleDeployment({ policy: { ...shopPolicy, mode: 'act' }, state: 'rolled-back', migration }),
    rollbacks: [
      sampleRollback({ automatic: true, actor: 'system', reason: 'verdict rollback: errors rose' }),
    ],
    feedback: [
      {
        id: 'feedback-1',
        deploymentId: 'dep-7f3a',
        verdictId: 'v-2',
        judgement: 'right',
        comment: 'payment client had no timeout',
        actor: 'p-77aa',
        atMs: changeAtMs + 14 * minuteMs,
      },
      {
        id: 'feedback-2',
        deploymentId: 'dep-7f3a',
        verdictId: 'v-2',
        judgement: 'unsure',
        metrics: [
          { name: 'errors', relevance: 'useful' },
          { name: 'queue length', relevance: 'noise' },
        ],
        actor: 'p-41c8',
        atMs: changeAtMs + 15 * minuteMs,
      },
      {
        id: 'feedback-3',
        deploymentId: 'dep-7f3a',
        verdictId: 'v-2',
        retracts: 'feedback-2',
        comment: 'meant another release',
        actor: 'p-41c8',
        atMs: changeAtMs + 16 * minuteMs,
      },
    ],
    recovery: {
      deployment: sampleDeployment({
        id: 'dep-7f3b',
        version: '1.4.1',
        previousVersion: '1.4.2',
        rollbackOf: 'dep-7f3a',
      }),
      steps: [],
      watches: [watch],
      verdicts: [
        sampleVerdict({
          watchId: 'w-9',
          deploymentId: 'dep-7f3b',
          value,
          rule: value === 'continue' ? 'bounded-harm' : 'watching',
        }),
      ],
      rollbacks: [],
      feedback: [],
      collaboration: NO_COLLABORATION,
    },
  };
}

/** Every state around a rollback, by name. */
export const rollbackStates = {
  rollback: harmedShop,
  'rollback-irreversible': { ...harmedShop, deployment: sampleDeployment({ policy: shopPolicy, migration }) },
  'rollback-braked': {
    ...harmedShop,
    deployment: sampleDeployment({ policy: { ...shopPolicy, mode: 'act' } }),
    verdicts: [
      {
        ...rollbackVerdict,
        brakes: [{ brake: 'kill-switch', text: 'the kill switch is on: network maintenance' }],
      },
      firstVerdict,
    ],
  },
  'rolling-back': {
    ...harmedShop,
    deployment: sampleDeployment({ policy: shopPolicy, state: 'rolling-back' }),
    rollbacks: [sampleRollback({ state: 'executing', attempts: 2 })],
  },
  'rolled-back': rolledBack('continue'),
  'rolled-back-watching': rolledBack('pending'),
  'rolled-back-still-harmed': rolledBack('rollback'),
  'rollback-failed': {
    ...harmedShop,
    deployment: sampleDeployment({ policy: shopPolicy, state: 'rollback-failed' }),
    rollbacks: [
      sampleRollback({ state: 'failed', attempts: 5, detail: 'the executor answered 503 five times' }),
    ],
  },
  'recovery-report': {
    ...watchedShop,
    deployment: sampleDeployment({
      policy: shopPolicy,
      rollbackOf: 'dep-7f3a',
      version: '1.4.1',
      previousVersion: '1.4.2',
    }),
    watches: [sampleWatch({ kind: 'recovery' })],
    verdicts: [
      sampleVerdict({
        value: 'continue',
        rule: 'bounded-harm',
        harmProbability: 0.01,
        confidence: 0.99,
        findings: quietFindings,
      }),
    ],
  },
} satisfies Readonly<Record<string, ReportPage>>;
