import { Router } from 'express';
import { redeliver, setControls } from '../api/operations.js';
import { controlsQuery, outboxQuery } from '../api/query.js';
import { answer } from './answer.js';
import { callerOf } from './authentication-gate.js';
import { createJsonBody } from './body.js';
import { command, idOf } from './command.js';
import { presentControls, presentOutbox } from './present.js';
import { defaultProject } from './router-deps.js';
import type { RouterDeps } from './router-deps.js';
import { validate } from './validate.js';

/** `/api/v1/controls` and `/api/v1/outbox`. */
export function createAdministrationRouter(deps: RouterDeps): Router {
  const { useCases, limits } = deps;
  const router = Router();
  const body = createJsonBody(limits);

  router.get('/controls', async (request, response) => {
    const caller = callerOf(request);
    const { project = defaultProject(caller) } = validate(controlsQuery, request.query, 'parameters');
    response.json(presentControls(project, await useCases.controls(caller, project)));
  });

  router.put('/controls', ...body, async (request, response) => {
    const caller = callerOf(request);
    const { project = defaultProject(caller) } = validate(controlsQuery, request.query, 'parameters');
    const wanted = validate(setControls, request.body, 'body');
    response.json(presentControls(project, await useCases.setControls(caller, project, wanted)));
  });

  router.get('/outbox', async (request, response) => {
    const query = validate(outboxQuery, request.query, 'parameters');
    response.json(presentOutbox(await useCases.outbox(callerOf(request), query)));
  });

  router.post(
    '/outbox/:id/redeliver',
    ...body,
    command(deps, redeliver, async (held, caller, _empty, request) => {
      const id = idOf(request);
      await held.redeliver(caller, id);
      return answer(202, { id, state: 'waiting' });
    }),
  );

  return router;
}
