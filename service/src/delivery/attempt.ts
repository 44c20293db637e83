import type { OutboxMessage } from '../domain/outbox.js';
import { FetchError, type GuardedFetch, type GuardedResponse } from './guarded-fetch.js';
import type { WebhookEndpoint } from './port.js';
import { parseRetryAfter } from './retry.js';
import { signMessage } from './sign.js';

/** What one attempt at sending a message came to. */
export type Attempt =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly detail: string;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'failed'; readonly detail: string }
  /** Can never be sent as it is. */
  | { readonly kind: 'undeliverable'; readonly detail: string }
  /** Cut off by shutdown: as if it had not been tried. */
  | { readonly kind: 'aborted' };

/** Standard Webhooks 1.0 asks for less than 20 kB. */
const maxBodyBytes = 20_000;
/** Of a failing receiver's answer, kept for people to read. */
const maxExcerptChars = 200;

/**
 * Signs a message and sends it once. Never throws for what a network or a receiver can do.
 *
 * @param clock Milliseconds since the epoch; the signature's timestamp is the time of this attempt, not of the message.
 */
export async function attemptDelivery(
  message: OutboxMessage,
  endpoint: WebhookEndpoint,
  guardedFetch: GuardedFetch,
  clock: () => number,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Attempt> {
  const bytes = Buffer.byteLength(message.body);
  if (bytes >= maxBodyBytes)
    return { kind: 'undeliverable', detail: `the body has ${bytes} bytes; the limit is ${maxBodyBytes - 1}` };
  try {
    const response = await guardedFetch({
      url: endpoint.url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'bellwether',
        ...signatureHeaders(message, endpoint, clock()),
      },
      body: message.body,
      read: 'prefix',
      ...limits,
    });
    return answered(response, clock());
  } catch (error) {
    return error instanceof RangeError
      ? { kind: 'undeliverable', detail: error.message }
      : thrown(error, limits.signal);
  }
}

/** An attempt that ended in an error. */
export function thrown(error: unknown, signal: AbortSignal): Attempt {
  if (signal.aborted) return { kind: 'aborted' };
  if (error instanceof FetchError) return { kind: 'failed', detail: `${error.code}: ${error.message}` };
  // Anything else is a bug; counted as a failure it backs off instead of being sent again at once, forever.
  return { kind: 'failed', detail: `internal error: ${String(error)}` };
}

function signatureHeaders(
  message: OutboxMessage,
  endpoint: WebhookEndpoint,
  nowMs: number,
): Readonly<Record<string, string>> {
  const secrets = [endpoint.secret, ...(endpoint.previousSecrets ?? [])];
  return signMessage(
    { id: message.id, timestampSeconds: Math.floor(nowMs / 1_000), body: message.body },
    secrets,
  );
}

/** An attempt that was answered, with the beginning of what was said. */
export function answered(response: GuardedResponse, nowMs: number): Attempt {
  const retryAfterMs = parseRetryAfter(response.header('retry-after'), nowMs);
  const excerpt = response.body
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, maxExcerptChars);
  return {
    kind: 'answered',
    status: response.status,
    detail: excerpt === '' ? `HTTP ${response.status}` : `HTTP ${response.status}: ${excerpt}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
