import type { OutboxMessage } from '../domain/outbox.js';
import type { Attempt } from './attempt.js';
import { nextAttempt, type RetryPolicy } from './retry.js';

/** What becomes of a message after an attempt; `message` is what to store. */
export interface Outcome {
  readonly kind: 'delivered' | 'retry' | 'dead';
  readonly message: OutboxMessage;
  /** The receiver said 410: it wants no more messages. */
  readonly gone: boolean;
}

/**
 * Turns an attempt into the message's next state: 2xx delivered; 410 dead, and the endpoint with it; 429 and 503 wait at least
 * for `retry-after`; a redirect and everything else is a failure that is tried again until the budget is spent.
 *
 * @param random Uniform in [0, 1), for the jitter.
 */
export function decideOutcome(
  message: OutboxMessage,
  attempt: Exclude<Attempt, { readonly kind: 'aborted' }>,
  context: { readonly nowMs: number; readonly random: () => number; readonly policy: RetryPolicy },
): Outcome {
  const attempts = message.attempts + 1;
  if (attempt.kind === 'undeliverable') return dead({ ...message, lastError: attempt.detail }, false);
  const status = attempt.kind === 'answered' ? attempt.status : undefined;
  if (status !== undefined && status >= 200 && status < 300) {
    return {
      kind: 'delivered',
      message: { ...message, attempts, state: 'delivered', deliveredAtMs: context.nowMs },
      gone: false,
    };
  }
  const failed = { ...message, attempts, lastError: failureText(attempt.detail, status) };
  if (status === 410) return dead(failed, true);
  const next = nextAttempt(context.policy, attempts, context.random, requestedWaitMs(attempt));
  if (next.kind === 'dead')
    return dead({ ...failed, lastError: `${failed.lastError} (given up after ${attempts} attempts)` }, false);
  return {
    kind: 'retry',
    message: { ...failed, nextAttemptAtMs: context.nowMs + next.delayMs },
    gone: false,
  };
}

/** A message that is given up without an attempt, and why. */
export function deadLetter(message: OutboxMessage, reason: string): Outcome {
  return dead({ ...message, lastError: reason }, false);
}

const dead = (message: OutboxMessage, gone: boolean): Outcome => ({
  kind: 'dead',
  message: { ...message, state: 'dead' },
  gone,
});

function requestedWaitMs(attempt: Attempt): number {
  return attempt.kind === 'answered' && (attempt.status === 429 || attempt.status === 503)
    ? (attempt.retryAfterMs ?? 0)
    : 0;
}

function failureText(detail: string, status: number | undefined): string {
  if (status === 410) return `${detail}; the receiver wants no more messages`;
  if (status !== undefined && status >= 300 && status < 400)
    return `${detail}; redirects are not followed: configure the final URL`;
  return detail;
}
