import { describe, expect, it } from 'vitest';
import { ApiError } from '../api-error.js';
import type { DeploymentsApi } from '../deployments-api.js';
import { followDeployment } from './follow-deployment.js';
import { CHANGE_MS, sampleState } from './sample-state.test-support.js';
import type { WatchEvent, WatchState } from './watch-state.js';

const cut = new ApiError('cut off', { retryable: true, retryAfterMs: 1 });
const refused = new ApiError('no such deployment', { status: 404, retryable: false });

/** A service that answers as the script says, then for ever as its last entry. */
function follow(
  script: readonly ('pending' | 'continue' | Error)[],
  more: {
    deadlineMs?: number;
    stop?: AbortSignal;
    state?: WatchState;
    beginsAtMs?: number;
    tickMs?: number;
    tail?: boolean;
    /** Answers after which the tail of an early `continue` has ended. */
    tailEndsAfter?: number;
  } = {},
) {
  const events: WatchEvent[] = [];
  const state = more.state ?? sampleState();
  let at = 0;
  const waits: unknown[] = [];
  const api: Pick<DeploymentsApi, 'verdict' | 'progress' | 'show'> = {
    verdict: (_id, query) => {
      waits.push(query['wait']);
      const next = script[Math.min(at++, script.length - 1)] ?? 'pending';
      if (next instanceof Error) return Promise.reject(next);
      const sequence = next === 'pending' ? 1 : 2;
      return Promise.resolve({ ...state.verdict, verdict: next, final: next !== 'pending', sequence });
    },
    progress: () => {
      const { watch } = state.progress;
      if (more.tailEndsAfter === undefined || watch === undefined) return Promise.resolve(state.progress);
      const tailState = at > more.tailEndsAfter ? 'decided' : 'watching';
      return Promise.resolve({
        ...state.progress,
        watch: { ...watch, kind: 'late-regression' as const, state: tailState },
      });
    },
    show: () => Promise.resolve(state.deployment),
  };
  let nowMs = more.beginsAtMs ?? CHANGE_MS;
  const ended = followDeployment(api as DeploymentsApi, 'd-17', {
    firstContactMs: 500,
    ...(more.tail === undefined ? {} : { tail: more.tail }),
    clock: () => (nowMs += more.tickMs ?? 50),
    stop: more.stop ?? new AbortController().signal,
    tell: (event) => events.push(event),
    ...(more.deadlineMs === undefined ? {} : { deadlineMs: nowMs + more.deadlineMs }),
  });
  return { ended, now: () => nowMs, events, waits, kinds: () => events.map(({ kind }) => kind) };
}

describe('following a deployment', () => {
  it('ends with the final verdict', async () => {
    const { ended, kinds } = follow(['pending', 'pending', 'continue']);
    expect(await ended).toMatchObject({ kind: 'final', state: { verdict: { verdict: 'continue' } } });
    expect(kinds()).toEqual(['state', 'state', 'state']);
  });

  it('outlives an outage, and says when it began and that it is over', async () => {
    const { ended, kinds } = follow(['pending', cut, cut, cut, 'pending', 'continue']);
    expect(await ended).toMatchObject({ kind: 'final' });
    expect(kinds()).toEqual(['state', 'lost', 'back', 'state', 'state']);
  });

  it('gives up a service that never answered, but not one that answers late', async () => {
    expect(await follow([cut]).ended).toMatchObject({ kind: 'never-reached', message: 'cut off' });
    expect(await follow([cut, cut, 'continue']).ended).toMatchObject({ kind: 'final' });
  });

  it('knows at the deadline whether the service was there', async () => {
    expect(await follow(['pending'], { deadlineMs: 2_000 }).ended).toMatchObject({
      kind: 'timed-out',
      lost: undefined,
    });
    expect(await follow(['pending', cut], { deadlineMs: 2_000 }).ended).toMatchObject({
      kind: 'timed-out',
      lost: { reason: 'cut off' },
    });
  });

  it('passes on what asking again cannot mend', async () => {
    await expect(follow(['pending', refused]).ended).rejects.toBe(refused);
  });

  it('ends at Ctrl-C', async () => {
    const stop = new AbortController();
    const { ended } = follow(['pending', cut], { stop: stop.signal });
    stop.abort();
    expect(await ended).toMatchObject({ kind: 'interrupted' });
  });

  it('ends with an early verdict, or with the end of its tail where that is asked for', async () => {
    const script = ['pending', 'continue'] as const;
    const early = follow(script, { tailEndsAfter: 6 });
    expect(await early.ended).toMatchObject({
      kind: 'final',
      state: { progress: { watch: { state: 'watching' } } },
    });
    expect(early.waits).toHaveLength(2);
    const whole = follow(script, { tailEndsAfter: 6, tail: true });
    expect(await whole.ended).toMatchObject({
      kind: 'final',
      state: { progress: { watch: { state: 'decided' } } },
    });
    expect(whole.waits).toHaveLength(7);
  });

  it('lets an early verdict stand at the deadline of its tail, unless the service is gone', async () => {
    const options = { tail: true, tailEndsAfter: Infinity, deadlineMs: 2_000 };
    expect(await follow(['continue'], options).ended).toMatchObject({ kind: 'final' });
    expect(await follow(['continue', cut], options).ended).toMatchObject({
      kind: 'timed-out',
      lost: { reason: 'cut off' },
    });
  });

  it('asks about when the next look is due', async () => {
    const { ended, waits } = follow(['pending', 'continue']);
    await ended;
    expect(waits).toEqual(['0ms', '20000ms']);
  });
});

describe('without a deadline of its own', () => {
  const MINUTE_MS = 60_000;
  /** 30 looks and two minutes to settle. */
  const PLANNED_END_MS = CHANGE_MS + 32 * MINUTE_MS;
  const requiring = (...timeouts: readonly (string | undefined)[]): WatchState => {
    const state = sampleState();
    const requiredChecks = timeouts.map((timeout, i) => ({
      name: `check ${i}`,
      onFailure: 'inconclusive' as const,
      ...(timeout === undefined ? {} : { timeout }),
    }));
    return {
      ...state,
      deployment: { ...state.deployment, policy: { ...state.deployment.policy, requiredChecks } },
    };
  };

  it.each([
    ['the planned end', sampleState(), 0],
    ['the longest timeout of its required checks', requiring('30m', '4h'), 240],
    ['the usual timeout of a required check', requiring(undefined), 60],
  ])('ends ten minutes after %s', async (_what, state, waitedMin) => {
    const { ended, now } = follow(['pending'], { state, tickMs: 5_000 });
    expect(await ended).toMatchObject({ kind: 'timed-out' });
    const overMs = now() - (PLANNED_END_MS + (waitedMin + 10) * MINUTE_MS);
    expect(overMs).toBeGreaterThanOrEqual(0);
    expect(overMs).toBeLessThan(MINUTE_MS);
  });

  it.each(['held', 'awaiting-checks'] as const)('waits for people while it is %s', async (rule) => {
    const script = [...Array.from({ length: 50 }, () => 'pending' as const), 'continue' as const];
    const state = sampleState({ verdict: { rule } });
    expect(await follow(script, { state, tickMs: 10 * MINUTE_MS }).ended).toMatchObject({ kind: 'final' });
    // A service that is gone for good cannot say that it still waits.
    const gone = follow(['pending', cut], { state, tickMs: MINUTE_MS });
    expect(await gone.ended).toMatchObject({ kind: 'timed-out', lost: { reason: 'cut off' } });
  });

  it('can be taken up again long after the planned end', async () => {
    const again = { beginsAtMs: PLANNED_END_MS + 1_000 * MINUTE_MS };
    expect(await follow(['pending', 'pending', 'continue'], again).ended).toMatchObject({ kind: 'final' });
  });
});
