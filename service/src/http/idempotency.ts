import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Logger } from 'pino';
import { IDEMPOTENT_FOR_MS, UNANSWERED, type IdempotentAnswer } from '../store/port.js';
import type { Caller, RequestKey } from '../app/use-cases.js';
import type { Answer } from './answer.js';
import { bodyHash } from './body.js';
import { RequestError } from './request-error.js';
import { invalid } from './validate.js';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** Where answers to requests with a key are kept. */
export interface IdempotencyStore {
  readonly loadIdempotent: (project: string, key: string) => Promise<IdempotentAnswer | undefined>;
  readonly saveIdempotent: (answer: IdempotentAnswer) => Promise<void>;
}

/**
 * Runs the work once for a key: again with the same request gives the same answer, marked as replayed. The work marks the key in the
 * transaction that it makes; where the process ended before the answer was kept, it is asked once more and answers from that mark.
 */
export type Idempotent = (
  request: Request,
  caller: Caller,
  work: (once: RequestKey | undefined) => Promise<Answer>,
  /** What the request is known by, where that is another header. */
  known?: { readonly key: string | undefined },
) => Promise<{ readonly answer: Answer; readonly replayed: boolean }>;

/**
 * Makes `Idempotency-Key` work for 24 hours. Keys are private to a token and the person behind it. Only what was done is kept: a refusal changed
 * nothing, so the same request is judged afresh. A second request with the key of one still in work is refused, not queued.
 *
 * @throws RequestError `key-reused` for another request under the same key, `key-in-use` while the first one runs
 */
export function createIdempotent(
  deps: IdempotencyStore & { readonly clock: () => number; readonly log: Logger },
): Idempotent {
  const inWork = new Set<string>();
  return async (request, caller, work, known) => {
    const key = known === undefined ? presentedKey(request) : known.key;
    if (key === undefined) return { answer: await work(undefined), replayed: false };
    const asker = caller.person === undefined ? '' : `/${encodeURIComponent(caller.person)}`;
    const storedKey = `${caller.authentication}${asker}/${key}`;
    const lock = JSON.stringify([caller.project, storedKey]);
    if (inWork.has(lock)) throw keyInUse();
    inWork.add(lock);
    try {
      const requestHash = hashRequest(request);
      const loaded = await deps.loadIdempotent(caller.project, storedKey);
      const isFresh = loaded !== undefined && deps.clock() - loaded.atMs < IDEMPOTENT_FOR_MS;
      const earlier = isFresh ? answerTo(loaded, requestHash) : undefined;
      if (earlier !== undefined) return { answer: earlier, replayed: true };
      const once = { project: caller.project, key: storedKey, requestHash };
      const answer = await work(once);
      await save(deps, { ...once, ...answer, atMs: deps.clock() });
      return { answer, replayed: isFresh };
    } finally {
      inWork.delete(lock);
    }
  };
}

function presentedKey(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || KEY.test(key)) return key;
  throw invalid([
    {
      header: 'idempotency-key',
      detail: 'is not a key',
      remedy: 'use 1 to 200 visible ASCII characters without spaces, such as a UUID',
    },
  ]);
}

function hashRequest(request: Request): string {
  const parts = [request.method, request.originalUrl, request.get('content-type') ?? '', bodyHash(request)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Undefined: it was carried out, and its answer is not kept. */
function answerTo(earlier: IdempotentAnswer, requestHash: string): Answer | undefined {
  const { status, body } = earlier;
  if (earlier.requestHash === requestHash) return status === UNANSWERED ? undefined : { status, body };
  throw new RequestError(
    'key-reused',
    'This idempotency key was used for another request; use a new key for a new request.',
    {
      errors: [{ header: 'idempotency-key', detail: 'belongs to another request', remedy: 'use a new key' }],
    },
  );
}

function keyInUse(): RequestError {
  return new RequestError(
    'key-in-use',
    'A request with this idempotency key is still in work; ask again in a second.',
    {
      retryAfterSeconds: 1,
      errors: [
        { header: 'idempotency-key', detail: 'is in use', remedy: 'send the request again in a second' },
      ],
    },
  );
}

/** The work is done and cannot be undone, so a key that cannot be kept is no reason to call it failed. */
async function save(
  deps: IdempotencyStore & { readonly log: Logger },
  answer: IdempotentAnswer,
): Promise<void> {
  try {
    await deps.saveIdempotent(answer);
  } catch (error) {
    deps.log.warn(
      { err: error },
      'The answer to a request with an idempotency key could not be kept; a repeat of it is answered anew.',
    );
  }
}
