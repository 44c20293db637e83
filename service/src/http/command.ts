import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import { idPath, noQuery } from '../api/query.js';
import type { Caller, UseCases } from '../app/use-cases.js';
import { sendAnswer } from './answer.js';
import type { Answer } from './answer.js';
import { callerOf } from './authentication-gate.js';
import { requireMatch } from './entity-tag.js';
import type { Idempotent } from './idempotency.js';
import { validate } from './validate.js';

/**
 * A handler that changes something: replays an idempotency key, decodes the body, holds `If-Match` on a deployment, runs, and
 * sends the answer.
 */
export function command<Schema extends z.ZodType>(
  idempotent: Idempotent,
  schema: Schema,
  run: (caller: Caller, body: z.output<Schema>, request: Request) => Promise<Answer>,
): RequestHandler {
  return async (request, response) => {
    const caller = callerOf(request);
    const work = (): Promise<Answer> => {
      validate(noQuery, request.query, 'parameters');
      return run(caller, validate(schema, request.body, 'body'), request);
    };
    const { answer, replayed } = await idempotent(request, caller, work);
    if (replayed) response.set('idempotent-replayed', 'true');
    sendAnswer(response, answer);
  };
}

/** The id in the path. @throws RequestError `invalid-request` */
export function idOf(request: Request): string {
  return validate(idPath, request.params, 'parameters').id;
}

/** The deployment id in the path, once `If-Match` (when sent) names its present revision. @throws RequestError `stale` */
export async function matchedId(
  useCases: Pick<UseCases, 'viewDeployment'>,
  caller: Caller,
  request: Request,
): Promise<string> {
  const id = idOf(request);
  const ifMatch = request.get('if-match');
  if (ifMatch !== undefined)
    requireMatch(ifMatch, (await useCases.viewDeployment(caller, id)).deployment.revision);
  return id;
}
