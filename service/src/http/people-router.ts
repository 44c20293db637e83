import { Router } from 'express';
import {
  acknowledgeDeployment,
  addNote,
  holdDeployment,
  linkIncident,
  proceedDeployment,
} from '../api/collaboration-request.js';
import { noQuery } from '../api/query.js';
import { presentVerdict } from '../app/present.js';
import {
  presentAcknowledgement,
  presentHold,
  presentIncident,
  presentNote,
} from '../app/present-collaboration.js';
import type { HoldView } from '../app/use-cases.js';
import { answer } from './answer.js';
import { callerOf } from './authentication-gate.js';
import { createJsonBody } from './body.js';
import { command, idOf } from './command.js';
import type { RouterDeps } from './router-deps.js';
import { validate } from './validate.js';

/** What people say and decide on a deployment: hold and proceed, "I have this", notes, incidents. */
export function createPeopleRouter(deps: RouterDeps): Router {
  const router = Router();
  const body = createJsonBody(deps.limits);

  router.post(
    '/:id/hold',
    ...body,
    command(
      deps,
      holdDeployment,
      async (held, caller, wanted, request) =>
        answer(200, presentHoldView(await held.hold(caller, idOf(request), wanted))),
      'if-match',
    ),
  );

  router.post(
    '/:id/proceed',
    ...body,
    command(
      deps,
      proceedDeployment,
      async (held, caller, wanted, request) =>
        answer(200, presentHoldView(await held.proceed(caller, idOf(request), wanted))),
      'if-match',
    ),
  );

  router.post(
    '/:id/acknowledge',
    ...body,
    command(deps, acknowledgeDeployment, async (held, caller, wanted, request) =>
      answer(200, presentAcknowledgement(await held.acknowledge(caller, idOf(request), wanted))),
    ),
  );

  router.post(
    '/:id/notes',
    ...body,
    command(deps, addNote, async (held, caller, wanted, request) =>
      answer(201, presentNote(await held.addNote(caller, idOf(request), wanted))),
    ),
  );

  router.get('/:id/notes', async (request, response) => {
    validate(noQuery, request.query, 'parameters');
    const { collaboration } = await deps.useCases.viewDeployment(callerOf(request), idOf(request));
    response.json({ items: collaboration.notes.map(presentNote) });
  });

  router.post(
    '/:id/incidents',
    ...body,
    command(deps, linkIncident, async (held, caller, wanted, request) =>
      answer(201, presentIncident(await held.linkIncident(caller, idOf(request), wanted))),
    ),
  );

  return router;
}

function presentHoldView({ deployment, hold, verdict }: HoldView) {
  return {
    held: hold !== undefined,
    ...(hold === undefined ? {} : { hold: presentHold(hold) }),
    verdict: presentVerdict(verdict, deployment),
  };
}
