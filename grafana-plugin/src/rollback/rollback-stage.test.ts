import { describe, expect, it } from 'vitest';
import { NOON_MS, wireVerdict } from '../verdicts/region.test-support.js';
import type { Rollback } from '../verdicts/wire.js';
import { rollbackStage } from './rollback-stage.js';

const rollback = (state: Rollback['state'], minutes = 0): Rollback => ({
  id: `r-${minutes}`,
  deploymentId: 'd-1',
  state,
  automatic: false,
  reason: '',
  actor: 'ada',
  executor: 'shop',
  attempts: 1,
  requestedAt: new Date(NOON_MS + minutes * 60_000).toISOString(),
  revision: 1,
});
const recovery = (verdict: 'pending' | 'continue' | 'rollback' | 'inconclusive') => ({
  deploymentId: 'd-2',
  verdict: wireVerdict({ verdict, final: verdict !== 'pending' }),
});

describe('how far a rollback has come', () => {
  it.each([
    ['requested', undefined, 'under-way', false],
    ['executing', undefined, 'under-way', false],
    ['executed', undefined, 'under-way', false],
    ['executed', recovery('pending'), 'under-way', false],
    ['executed', recovery('continue'), 'recovered', true],
    ['executed', recovery('rollback'), 'not-recovered', true],
    ['executed', recovery('inconclusive'), 'executed', true],
    ['failed', undefined, 'failed', true],
    ['refused', undefined, 'failed', true],
  ] as const)('%s is %s', (state, recovered, outcome, over) => {
    expect(rollbackStage({ rollbacks: [rollback(state)] }, recovered)).toMatchObject({ outcome, over });
  });

  it('is that of the newest attempt', () => {
    const stage = rollbackStage({ rollbacks: [rollback('failed', 0), rollback('executing', 1)] }, undefined);
    expect(stage.outcome).toBe('under-way');
  });
});
