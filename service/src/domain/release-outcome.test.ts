import { describe, expect, it } from 'vitest';
import type { Feedback } from './feedback.js';
import { changeOutcome, type ReleaseOutcome } from './release-outcome.js';

const release = (change: Partial<ReleaseOutcome>): ReleaseOutcome => ({
  ...{ deploymentId: 'd', startedAtMs: 0, state: 'finished', verdict: 'continue' },
  ...{ feedback: [], verdicts: [{ id: 'v', value: change.verdict ?? 'continue' }] },
  ...change,
});
const said = (judgement: NonNullable<Feedback['judgement']>): Feedback[] => [
  { id: 'f', deploymentId: 'd', verdictId: 'v', judgement, actor: 'p', atMs: 1 },
];

describe('a change', () => {
  it.each([
    ['that continued', {}, 'held'],
    ['that was inconclusive, without anybody having to step in', { verdict: 'inconclusive' }, 'held'],
    ['that a newer one replaced', { state: 'superseded', verdict: 'superseded' }, 'held'],
    ['that should be rolled back', { verdict: 'rollback' }, 'failed'],
    ['that a person rolled back', { state: 'rolled-back', verdict: 'continue' }, 'failed'],
    ['that is being rolled back', { state: 'rolling-back', verdict: 'cancelled' }, 'failed'],
    ['whose rollback failed', { state: 'rollback-failed', verdict: 'rollback' }, 'failed'],
    ['that is judged', { state: 'running', verdict: 'pending' }, 'open'],
    ['that was called off', { state: 'cancelled', verdict: 'cancelled' }, 'open'],
    ['whose harm was missed', { feedback: said('missed-harm') }, 'failed'],
    ['that was rolled back rightly', { verdict: 'rollback', feedback: said('right') }, 'failed'],
    [
      'that was rolled back for nothing',
      { state: 'rolled-back', verdict: 'rollback', feedback: said('false-rollback') },
      'held',
    ],
    ['of which people are not sure', { verdict: 'rollback', feedback: said('unsure') }, 'failed'],
  ] as const)('%s counts so', (_what, change, outcome) => {
    expect(changeOutcome(release(change))).toBe(outcome);
  });
});
