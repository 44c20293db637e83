import type { CheckState } from './check.js';
import type { Transitions } from './state-machine.js';

export type CheckEvent = 'run' | 'pass' | 'fail' | 'expire';

/**
 * A check is reported as often as it runs, and the newest report counts. One move is barred: a failure does not expire, or waiting would
 * turn it into a check that is merely missing.
 */
export const checkTransitions: Transitions<CheckState, CheckEvent> = {
  running: { run: 'running', pass: 'passed', fail: 'failed', expire: 'expired' },
  passed: { run: 'running', pass: 'passed', fail: 'failed', expire: 'expired' },
  failed: { run: 'running', pass: 'passed', fail: 'failed' },
  expired: { run: 'running', pass: 'passed', fail: 'failed', expire: 'expired' },
};

/** The event by which a report of a state moves a check. */
export const checkEvents: Readonly<Record<CheckState, CheckEvent>> = {
  running: 'run',
  passed: 'pass',
  failed: 'fail',
  expired: 'expire',
};
