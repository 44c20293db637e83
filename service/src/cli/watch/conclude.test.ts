import { describe, expect, it } from 'vitest';
import type { WireVerdict } from '../../api/verdict.js';
import { conclude } from './conclude.js';
import { sampleState } from './sample-state.test-support.js';
import type { WatchEnd } from './watch-state.js';

const lost = { sinceMs: 0, reason: 'nobody answers' };
const strict = { respectFailurePolicy: false, onOutage: 'fail-open' } as const;
const final = (
  verdict: WireVerdict['verdict'],
  exitCode: number,
  more: Partial<WireVerdict> = {},
): WatchEnd => ({
  kind: 'final',
  state: sampleState({ verdict: { verdict, exitCode, final: true, ...more } }),
});
const late = (consumers: WireVerdict['consumers'], gone: boolean): WatchEnd => ({
  kind: 'timed-out',
  state: sampleState({ verdict: { consumers } }),
  lost: gone ? lost : undefined,
});
const open = { pending: 'fail-open', inconclusive: 'fail-open', outage: 'fail-open' } as const;
const closed = { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-closed' } as const;

describe('the exit code of a watch', () => {
  it.each<[string, WatchEnd, number]>([
    ['continue', final('continue', 0), 0],
    ['rollback', final('rollback', 1), 1],
    ['inconclusive', final('inconclusive', 2), 2],
    ['superseded', final('superseded', 5), 5],
    ['cancelled', final('cancelled', 5), 5],
    ['time is up', late(closed, false), 4],
    ['time is up in an outage', late(closed, true), 3],
    ['never reached', { kind: 'never-reached', lost, message: 'm' }, 3],
    ['Ctrl-C', { kind: 'interrupted', state: undefined }, 4],
  ])('%s', (_what, end, exitCode) => expect(conclude(end, strict).exitCode).toBe(exitCode));

  it.each<[string, WatchEnd, number]>([
    ['pending, open', late(open, false), 0],
    ['pending, closed', late(closed, false), 4],
    ['outage, open', late({ ...closed, outage: 'fail-open' }, true), 0],
    ['outage, closed', late({ ...open, outage: 'fail-closed' }, true), 3],
    ['inconclusive, open', final('inconclusive', 2, { consumers: open }), 0],
    ['inconclusive, closed', final('inconclusive', 2, { consumers: closed }), 2],
    ['rollback is never opened', final('rollback', 1, { consumers: open }), 1],
    ['never reached, as the command says', { kind: 'never-reached', lost, message: 'm' }, 0],
    [
      'Ctrl-C is never opened',
      { kind: 'interrupted', state: sampleState({ verdict: { consumers: open } }) },
      4,
    ],
  ])('with the failure policy: %s', (_what, end, exitCode) => {
    const conclusion = conclude(end, { respectFailurePolicy: true, onOutage: 'fail-open' });
    expect(conclusion.exitCode).toBe(exitCode);
  });

  it('names the part of the policy that decided', () => {
    const conclusion = conclude(late(open, false), { ...strict, respectFailurePolicy: true });
    expect(conclusion.failurePolicy).toEqual({ what: 'pending', rule: 'fail-open' });
    expect(conclusion.text).toContain('fail-open for "pending"');
  });
});
