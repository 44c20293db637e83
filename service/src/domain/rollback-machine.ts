import type { RollbackState } from './rollback.js';
import type { Transitions } from './state-machine.js';

export type RollbackEvent = 'start' | 'succeed' | 'fail' | 'refuse';

/**
 * `executing` may start again: after a crash the executor is called once more with the same idempotency key. It may still be refused
 * between two attempts.
 */
export const rollbackTransitions: Transitions<RollbackState, RollbackEvent> = {
  requested: { start: 'executing', refuse: 'refused' },
  executing: { start: 'executing', succeed: 'executed', fail: 'failed', refuse: 'refused' },
  executed: {},
  failed: {},
  refused: {},
};
