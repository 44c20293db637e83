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
import { command, idOf, matchedId } from './command.js';
import type { RouterDeps } from './router-deps.js';
import { validate } from './validate.js';

/** What people say and decide on a deployment: hold and proceed, "I have this", notes, incidents. */
export function createPeopleRouter({ useCases, idempotent, limits }: RouterDeps): Router {
  const router = Router();
  const body = createJsonBody(limits);

  router.post(
    '/:id/hold',
    ...body,
    command(idempotent, holdDeployment, async (caller, wanted, request) => {
      const id = await matchedId(useCases, caller, request);
      return answer(200, presentHoldView(await useCases.hold(caller, id, wanted)));
    }),
  );

  router.post(
    '/:id/proceed',
    ...body,
    command(idempotent, proceedDeployment, async (caller, wanted, request) => {
      const id = await matchedId(useCases, caller, request);
      return answer(200, presentHoldView(await useCases.proceed(caller, id, wanted)));
    }),
  );

  router.post(
    '/:id/acknowledge',
    ...body,
    command(idempotent, acknowledgeDeployment, async (caller, wanted, request) =>
      answer(200, presentAcknowledgement(await useCases.acknowledge(caller, idOf(request), wanted))),
    ),
  );

  router.post(
    '/:id/notes',
    ...body,
    command(idempotent, addNote, async (caller, wanted, request) =>
      answer(201, presentNote(await useCases.addNote(caller, idOf(request), wanted))),
    ),
  );

  router.get('/:id/notes', async (request, response) => {
    validate(noQuery, request.query, 'parameters');
    const { collaboration } = await useCases.viewDeployment(callerOf(request), idOf(request));
    response.json({ items: collaboration.notes.map(presentNote) });
  });

  router.post(
    '/:id/incidents',
    ...body,
    command(idempotent, linkIncident, async (caller, wanted, request) =>
      answer(201, presentIncident(await useCases.linkIncident(caller, idOf(request), wanted))),
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
