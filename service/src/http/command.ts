import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import { idPath, noQuery } from '../api/query.js';
import type { Caller, Conditions, UseCases } from '../app/use-cases.js';
import { sendAnswer } from './answer.js';
import type { Answer } from './answer.js';
import { callerOf } from './authentication-gate.js';
import { requireMatch } from './entity-tag.js';
import type { RouterDeps } from './router-deps.js';
import { validate } from './validate.js';

/** Use cases that hold one request to its idempotency key and, where it takes `If-Match`, to the revision that it names. */
type HeldUseCases = ReturnType<UseCases['under']>;

/**
 * A handler that changes something: replays an idempotency key, decodes the body, runs, and sends the answer.
 * @param takes whether `If-Match` holds it to a revision of the deployment in the path
 */
export function command<Schema extends z.ZodType>(
  { useCases, idempotent }: Pick<RouterDeps, 'useCases' | 'idempotent'>,
  schema: Schema,
  run: (held: HeldUseCases, caller: Caller, body: z.output<Schema>, request: Request) => Promise<Answer>,
  takes?: 'if-match',
): RequestHandler {
  return async (request, response) => {
    const caller = callerOf(request);
    const { answer, replayed } = await idempotent(request, caller, (once) => {
      validate(noQuery, request.query, 'parameters');
      const conditions = {
        ...(once === undefined ? {} : { once }),
        ...(takes === undefined ? {} : revisionIn(request)),
      };
      return run(useCases.under(caller, conditions), caller, validate(schema, request.body, 'body'), request);
    });
    if (replayed) response.set('idempotent-replayed', 'true');
    sendAnswer(response, answer);
  };
}

/** The id in the path. @throws RequestError `invalid-request` */
export function idOf(request: Request): string {
  return validate(idPath, request.params, 'parameters').id;
}

/** Compared where the change is made: what was read before that may be another revision by then. */
function revisionIn(request: Request): Conditions {
  const ifMatch = request.get('if-match');
  if (ifMatch === undefined) return {};
  return {
    revision: { deploymentId: idOf(request), check: (revision) => requireMatch(ifMatch, revision) },
  };
}
