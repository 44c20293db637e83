import { Router } from 'express';
import { overrideContinue, requestRollback } from '../api/deployment-request.js';
import { presentRollback, presentVerdict } from '../app/present.js';
import { answer } from './answer.js';
import { createJsonBody } from './body.js';
import { command, idOf } from './command.js';
import type { RouterDeps } from './router-deps.js';

/** `POST …/{id}/rollback` and `POST …/{id}/continue`: what people decide. */
export function createRollbackRouter(deps: RouterDeps): Router {
  const router = Router();
  const body = createJsonBody(deps.limits);

  router.post(
    '/:id/rollback',
    ...body,
    command(
      deps,
      requestRollback,
      async (held, caller, order, request) => {
        const rollback = await held.requestRollback(caller, idOf(request), order);
        return answer(202, { ...presentRollback(rollback), dryRun: order.dryRun });
      },
      'if-match',
    ),
  );

  router.post(
    '/:id/continue',
    ...body,
    command(
      deps,
      overrideContinue,
      async (held, caller, override, request) => {
        const id = idOf(request);
        const verdict = await held.overrideContinue(caller, id, override);
        const { deployment } = await held.viewDeployment(caller, id);
        return answer(200, presentVerdict(verdict, deployment));
      },
      'if-match',
    ),
  );

  return router;
}
