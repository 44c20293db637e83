/** When a failed delivery is tried again. All durations in milliseconds. */
export interface RetryPolicy {
  /** Longest wait after the first failure; each further failure multiplies it by `factor`. */
  readonly baseMs: number;
  readonly factor: number;
  /** Longest wait that backoff reaches. */
  readonly capMs: number;
  /** Shortest wait, so that jitter cannot turn into a tight loop. */
  readonly floorMs: number;
  /** Longest `retry-after` that is honoured in full; longer ones are cut to it. */
  readonly retryAfterCapMs: number;
  /** Attempts in all; a message that fails this many times is a dead letter. */
  readonly maxAttempts: number;
}

/**
 * Waits of up to 5 s, 20 s, 80 s, 5 min, 21 min, 85 min, 5.7 h, then 8 h: sixteen attempts that span 72 hours at most and
 * 36 on average, so that a receiver which is broken on Friday evening still gets its messages on Sunday.
 */
export const defaultRetryPolicy: RetryPolicy = {
  baseMs: 5_000,
  factor: 4,
  capMs: 8 * 3_600_000,
  floorMs: 1_000,
  retryAfterCapMs: 8 * 3_600_000,
  maxAttempts: 16,
};

export type NextAttempt = { readonly kind: 'retry'; readonly delayMs: number } | { readonly kind: 'dead' };

/**
 * Decides on the next attempt after a failure: exponential backoff with full jitter (uniform between the floor and the
 * exponential ceiling, so that receivers coming back are not hit by everybody at once), never sooner than `retryAfterMs`.
 *
 * The budget counts attempts and not hours: an outage of this service uses none of it, and a redelivered message gets all of it.
 *
 * @param failures Failed attempts so far, this one included, ≥ 1.
 * @param random Uniform in [0, 1).
 * @returns `delayMs` in [floorMs, max(capMs, retryAfterCapMs)], or `dead` when the budget is spent
 * @example nextAttempt(defaultRetryPolicy, 1, () => 0.5) // { kind: 'retry', delayMs: 3000 }
 */
export function nextAttempt(
  policy: RetryPolicy,
  failures: number,
  random: () => number,
  retryAfterMs = 0,
): NextAttempt {
  if (failures >= policy.maxAttempts) return { kind: 'dead' };
  const ceilingMs = Math.max(
    policy.floorMs,
    Math.min(policy.capMs, policy.baseMs * policy.factor ** (failures - 1)),
  );
  const backoffMs = policy.floorMs + random() * (ceilingMs - policy.floorMs);
  return {
    kind: 'retry',
    delayMs: Math.ceil(Math.max(backoffMs, Math.min(retryAfterMs, policy.retryAfterCapMs))),
  };
}

/**
 * Reads a `retry-after` header: seconds or an HTTP date (RFC 9110 section 10.2.3).
 *
 * @returns Milliseconds from `nowMs`, 0 for a date in the past, undefined when there is none or it cannot be read
 * @example parseRetryAfter('120', 0) // 120000
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000;
  // Date.parse takes almost anything; a date without a weekday name and GMT is not an HTTP date.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .{8,30}$/.test(text)) return undefined;
  const atMs = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
