import { Router } from 'express';
import { overrideContinue, requestRollback } from '../api/deployment-request.js';
import { presentRollback, presentVerdict } from '../app/present.js';
import { answer } from './answer.js';
import { createJsonBody } from './body.js';
import { command, matchedId } from './command.js';
import type { RouterDeps } from './router-deps.js';

/** `POST …/{id}/rollback` and `POST …/{id}/continue`: what people decide. */
export function createRollbackRouter({ useCases, idempotent, limits }: RouterDeps): Router {
  const router = Router();
  const body = createJsonBody(limits);

  router.post(
    '/:id/rollback',
    ...body,
    command(idempotent, requestRollback, async (caller, order, request) => {
      const id = await matchedId(useCases, caller, request);
      const rollback = await useCases.requestRollback(caller, id, order);
      return answer(202, { ...presentRollback(rollback), dryRun: order.dryRun });
    }),
  );

  router.post(
    '/:id/continue',
    ...body,
    command(idempotent, overrideContinue, async (caller, override, request) => {
      const id = await matchedId(useCases, caller, request);
      const verdict = await useCases.overrideContinue(caller, id, override);
      const { deployment } = await useCases.viewDeployment(caller, id);
      return answer(200, presentVerdict(verdict, deployment));
    }),
  );

  return router;
}
