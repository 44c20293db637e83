import { Router } from 'express';
import type { RequestHandler } from 'express';
import { noQuery } from '../api/query.js';
import { answer, sendAnswer } from './answer.js';
import { callerOf } from './authentication-gate.js';
import { createSampleBody } from './body.js';
import { RequestError } from './request-error.js';
import { defaultProject } from './router-deps.js';
import type { RouterDeps } from './router-deps.js';
import { decodeSamples } from './sample-batches.js';
import { validate } from './validate.js';

/** `POST /api/v1/samples`: everything of a request is stored, or nothing. */
export function createSamplesRouter({ useCases, idempotent, limits, clock }: RouterDeps): Router {
  const router = Router();
  router.post(
    '/',
    boundConcurrency(limits.concurrentPushes),
    ...createSampleBody(limits),
    async (request, response) => {
      const caller = callerOf(request);
      const result = await idempotent(request, caller, async () => {
        validate(noQuery, request.query, 'parameters');
        const { maxFutureMs, samplesPerPush } = limits;
        const context = { project: defaultProject(caller), nowMs: clock(), maxFutureMs, samplesPerPush };
        const stored = await useCases.pushSamples(caller, decodeSamples(request.body, context));
        return answer(202, { stored: stored.stored, replaced: stored.replaced });
      });
      if (result.replayed) response.set('idempotent-replayed', 'true');
      sendAnswer(response, result.answer);
    },
  );
  return router;
}

/** Refuses before the body is read, so that a flood costs no memory. */
function boundConcurrency(most: number): RequestHandler {
  let inWork = 0;
  return (_request, response, next) => {
    if (inWork >= most) {
      throw new RequestError(
        'too-many',
        'The server is storing as many pushes as it can; send this one again in a second.',
        {
          retryAfterSeconds: 1,
        },
      );
    }
    inWork += 1;
    response.on('close', () => {
      inWork -= 1;
    });
    next();
  };
}
