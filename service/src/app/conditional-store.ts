import {
  IDEMPOTENT_FOR_MS,
  UNANSWERED,
  type IdempotentAnswer,
  type Store,
  type Transaction,
} from '../store/port.js';
import { permittedDeployment } from './permit.js';
import { AppError, type Caller, type Conditions, type RequestKey } from './use-cases.js';

/**
 * A store whose write transaction holds one request to its conditions: where its deployment has another revision nothing is written, and
 * a request that was carried out before gives what it gave then. Both are known at the instant that counts, whatever happened since the
 * request came in and wherever the process was killed.
 */
export function conditionalStore(
  store: Store,
  clock: () => number,
  caller: Caller,
  { revision, once }: Conditions,
): Store {
  return {
    ...store,
    transaction: <T>(work: (tx: Transaction) => Promise<T>) =>
      store.transaction(async (tx) => {
        const earlier = once === undefined ? undefined : await earlierRun(tx, once, clock());
        // What was written as a T comes back as one, as every stored document does.
        if (earlier !== undefined) return earlier.result as T;
        if (revision !== undefined) {
          const { deploymentId, check } = revision;
          check((await permittedDeployment(tx, caller, 'read', deploymentId)).revision);
        }
        const result = await work(tx);
        if (once !== undefined) await tx.saveIdempotent(carriedOut(once, result, clock()));
        return result;
      }),
  };
}

function carriedOut(once: RequestKey, result: unknown, atMs: number): IdempotentAnswer {
  return { ...once, status: UNANSWERED, body: JSON.stringify({ result }), atMs };
}

async function earlierRun(
  tx: Transaction,
  { project, key, requestHash }: RequestKey,
  nowMs: number,
): Promise<{ readonly result?: unknown } | undefined> {
  const earlier = await tx.idempotent(project, key);
  if (earlier === undefined || nowMs - earlier.atMs >= IDEMPOTENT_FOR_MS) return undefined;
  if (earlier.requestHash !== requestHash)
    throw new AppError('conflict', 'this idempotency key was used for another request', {
      remedy: 'use a new key for a new request',
    });
  if (earlier.status !== UNANSWERED)
    throw new AppError('unavailable', 'this request was answered a moment ago', {
      remedy: 'send it again: it gets the same answer',
      retryAfterSeconds: 1,
    });
  return JSON.parse(earlier.body) as { readonly result?: unknown };
}
