import { FetchError, type GuardedFetch, type GuardedResponse } from '../guarded-fetch.js';
import type { ExecutionResult, RollbackExecutor, RollbackOrder } from '../port.js';
import { parseSecret, signMessage } from '../sign.js';
import type { HttpExecutorConfig } from './config.js';
import { redact } from './redact.js';

/** Of the receiver's answer, kept in the rollback's detail. */
const maxExcerptChars = 500;
/** RFC 9110 and RFC 8470: the request was fine, the moment was not. */
const retryableStatuses = new Set([408, 425, 429]);

/**
 * Orders a rollback from an HTTP receiver, as a message signed by Standard Webhooks 1.0.
 *
 * The rollback's id goes out as `webhook-id`, as `idempotency-key` and in the body; a receiver that sees it again must not act
 * twice. What the answer means:
 * - 2xx: executed.
 * - 409 whose JSON body is `{"rollbackId": "<this id>", "status": "executed"}`: it was done before, so executed;
 *   with `"status": "executing"`: still at work, ask again; any other 409 is a real conflict and final.
 * - 408, 425, 429, 5xx, a timeout, no connection: to be tried again.
 * - any other status, a redirect, a URL that the guard refuses: final.
 *
 * @throws BadSecretError for an unusable secret
 */
export function createHttpExecutor(
  config: HttpExecutorConfig,
  guardedFetch: GuardedFetch,
  clock: () => number,
): RollbackExecutor {
  const { timeoutMs = 60_000 } = config;
  const secrets = [config.secret, ...(config.previousSecrets ?? [])];
  for (const secret of secrets) parseSecret(secret, `secret of executor "${config.name}"`);
  return {
    name: config.name,
    execute: async (order, signal) => {
      const body = orderBody(order);
      const id = order.rollback.id;
      try {
        const signature = signMessage({ id, timestampSeconds: Math.floor(clock() / 1_000), body }, secrets);
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'bellwether',
          'idempotency-key': id,
          ...signature,
        };
        return resultOf(
          await guardedFetch({
            url: config.url,
            method: 'POST',
            headers,
            body,
            read: 'prefix',
            timeoutMs,
            signal,
          }),
          id,
        );
      } catch (error) {
        if (error instanceof FetchError)
          return { kind: 'failed', detail: `${error.code}: ${error.message}`, retryable: error.retryable };
        if (error instanceof RangeError) return { kind: 'failed', detail: error.message, retryable: false };
        throw error;
      }
    },
  };
}

function orderBody({ rollback, deployment }: RollbackOrder): string {
  const {
    id,
    project,
    service,
    environment,
    version,
    previousVersion,
    strategy,
    change,
    labels,
    startedAtMs,
  } = deployment;
  return JSON.stringify({
    type: 'rollback.order',
    rollbackId: rollback.id,
    reason: rollback.reason,
    automatic: rollback.automatic,
    requestedBy: rollback.actor,
    requestedAt: new Date(rollback.requestedAtMs).toISOString(),
    deployment: {
      id,
      project,
      service,
      environment,
      version,
      previousVersion,
      strategy,
      change,
      labels,
      startedAt: new Date(startedAtMs).toISOString(),
    },
  });
}

function resultOf(response: GuardedResponse, rollbackId: string): ExecutionResult {
  const { status } = response;
  const excerpt = redact(response.body.replace(/[\s\p{Cc}]+/gu, ' ').trim()).slice(0, maxExcerptChars);
  const detail = excerpt === '' ? `HTTP ${status}` : `HTTP ${status}: ${excerpt}`;
  if (status >= 200 && status < 300) return { kind: 'executed', detail };
  if (status === 409) return conflict(response.body, rollbackId, detail);
  if (status >= 300 && status < 400) {
    return {
      kind: 'failed',
      detail: `${detail}; redirects are not followed: configure the final URL`,
      retryable: false,
    };
  }
  return { kind: 'failed', detail, retryable: status >= 500 || retryableStatuses.has(status) };
}

function conflict(body: string, rollbackId: string, detail: string): ExecutionResult {
  const answer = parseAnswer(body);
  const same = answer?.['rollbackId'] === rollbackId;
  if (same && answer['status'] === 'executed')
    return { kind: 'executed', detail: `already executed before; ${detail}` };
  return { kind: 'failed', detail, retryable: same && answer['status'] === 'executing' };
}

function parseAnswer(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null ? { ...answer } : undefined;
  } catch {
    return undefined;
  }
}
