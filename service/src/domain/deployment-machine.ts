import type { DeploymentState } from './deployment.js';
import type { Transitions } from './state-machine.js';

export type DeploymentEvent =
  'finish' | 'cancel' | 'supersede' | 'rollback-accepted' | 'rollback-done' | 'rollback-gave-up';

/**
 * A finished deployment can still be rolled back, and so can one whose first attempt failed. A cancelled or superseded one cannot:
 * what runs then is no longer its version.
 */
export const deploymentTransitions: Transitions<DeploymentState, DeploymentEvent> = {
  running: {
    finish: 'finished',
    cancel: 'cancelled',
    supersede: 'superseded',
    'rollback-accepted': 'rolling-back',
  },
  finished: { supersede: 'superseded', 'rollback-accepted': 'rolling-back' },
  'rolling-back': { 'rollback-done': 'rolled-back', 'rollback-gave-up': 'rollback-failed' },
  'rollback-failed': { 'rollback-accepted': 'rolling-back', supersede: 'superseded' },
  'rolled-back': {},
  cancelled: {},
  superseded: {},
};
