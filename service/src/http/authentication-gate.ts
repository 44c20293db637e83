import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, MemoryStore, rateLimit } from 'express-rate-limit';
import type { Caller } from '../app/use-cases.js';
import type { Authenticate, Schemes } from './authenticate.js';
import type { HttpLimits } from './limits.js';
import { RequestError } from './request-error.js';

const MINUTE_MS = 60_000;
const READING: readonly string[] = ['GET', 'HEAD'];

const callers = new WeakMap<IncomingMessage, Caller>();

/**
 * The caller of a request that passed the gate; the report pages ask here too.
 * @throws Error on a route that stands before the gate, which is a bug
 */
export function callerOf(request: IncomingMessage): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('the request did not pass the authentication gate');
  return caller;
}

/** Remembers who sends a request that proves itself in another way than by a token. */
export function rememberCaller(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}

/**
 * Makes the gates that let in requests with a good token and remember its caller for `callerOf`. Refused tokens
 * are counted by address; beyond the limit they get 429. A good token passes all the same, so that nobody can lock out the
 * others behind one address.
 */
export function createAuthenticationGate(
  authenticate: Authenticate,
  limits: Pick<HttpLimits, 'failedLoginsPerMinute'>,
): (schemes: Schemes) => RequestHandler {
  const failures = new MemoryStore();
  failures.init({ windowMs: MINUTE_MS } as Parameters<MemoryStore['init']>[0]);
  return (schemes) => async (request, _response, next) => {
    try {
      const presented = {
        authorization: request.get('authorization'),
        header: (name: string) => request.get(name),
        changes: !READING.includes(request.method),
      };
      callers.set(request, await authenticate(presented, schemes));
    } catch (error) {
      // Asking without any token is how a browser begins; it guesses nothing.
      const guessed = request.get('authorization') !== undefined;
      if (guessed && isRefusal(error))
        await countFailure(failures, addressOf(request), limits.failedLoginsPerMinute);
      throw error;
    }
    next();
  };
}

/** Limits the requests of one token a minute. */
export function createTokenRateLimit(limits: Pick<HttpLimits, 'requestsPerMinute'>): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: limits.requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Of the token alone: the people behind it share its limit, so that made-up names win nothing.
    keyGenerator: (request) => callerOf(request).authentication.split(' ', 1)[0] ?? '',
    handler: (_request, response, next) => {
      const waitSeconds = Number(response.getHeader('retry-after') ?? 60);
      next(
        tooMany(
          `This token may send ${limits.requestsPerMinute} requests a minute; send fewer, or push samples in batches.`,
          waitSeconds,
        ),
      );
    },
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'unauthenticated';
}

async function countFailure(failures: MemoryStore, address: string, limit: number): Promise<void> {
  const { totalHits, resetTime } = await failures.increment(address);
  if (totalHits <= limit) return;
  const waitMs = resetTime === undefined ? MINUTE_MS : resetTime.getTime() - Date.now();
  throw tooMany('Too many refused tokens came from this address; wait, and check the token.', waitMs / 1_000);
}

function addressOf(request: Request): string {
  return request.ip === undefined ? 'unknown' : ipKeyGenerator(request.ip);
}

function tooMany(message: string, retryAfterSeconds: number): RequestError {
  return new RequestError('too-many', message, { retryAfterSeconds });
}
