import { describe, expect, it } from 'vitest';
import { waiting } from './fakes/memory-queue.js';
import { deadLetter, decideOutcome } from './outcome.js';
import { defaultRetryPolicy } from './retry.js';

const context = { nowMs: 1_000_000, random: () => 0, policy: defaultRetryPolicy };
const after = (status: number, retryAfterMs?: number, attempts = 0) =>
  decideOutcome(
    waiting('m', { attempts }),
    {
      kind: 'answered',
      status,
      detail: `HTTP ${status}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
    context,
  );

describe('decideOutcome', () => {
  it.each([200, 201, 202, 204, 299])('%i is delivered', (status) => {
    expect(after(status)).toMatchObject({
      kind: 'delivered',
      gone: false,
      message: { state: 'delivered', attempts: 1, deliveredAtMs: 1_000_000 },
    });
  });

  it.each([100, 300, 301, 302, 304, 307, 308, 400, 401, 404, 409, 422, 429, 500, 502, 503])(
    '%i is tried again',
    (status) => {
      expect(after(status)).toMatchObject({
        kind: 'retry',
        gone: false,
        message: { state: 'waiting', attempts: 1, nextAttemptAtMs: 1_001_000 },
      });
    },
  );

  it('a redirect says what to do', () => {
    expect(after(302).message.lastError).toBe(
      'HTTP 302; redirects are not followed: configure the final URL',
    );
  });

  it.each([
    [429, 120_000],
    [503, 120_000],
    [500, 1_000],
    [302, 1_000],
  ])('%i with retry-after 120 s waits %i ms', (status, waitMs) => {
    expect(after(status, 120_000).message.nextAttemptAtMs).toBe(1_000_000 + waitMs);
  });

  it('410 ends the endpoint', () => {
    expect(after(410)).toMatchObject({
      kind: 'dead',
      gone: true,
      message: { state: 'dead', lastError: 'HTTP 410; the receiver wants no more messages' },
    });
  });

  it('gives up with the last failure, and says so', () => {
    expect(after(500, undefined, 14)).toMatchObject({ kind: 'retry' });
    expect(after(500, undefined, 15)).toMatchObject({
      kind: 'dead',
      gone: false,
      message: { attempts: 16, lastError: 'HTTP 500 (given up after 16 attempts)' },
    });
  });

  it('what cannot be sent is dead at once, without counting an attempt', () => {
    const outcome = decideOutcome(waiting('m'), { kind: 'undeliverable', detail: 'too big' }, context);
    expect(outcome).toMatchObject({ kind: 'dead', message: { attempts: 0, lastError: 'too big' } });
    expect(deadLetter(waiting('m'), 'why').message).toMatchObject({ state: 'dead', lastError: 'why' });
  });
});
