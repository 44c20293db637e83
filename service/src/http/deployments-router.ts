import { Router } from 'express';
import type { Request, Response } from 'express';
import {
  beginStep,
  cancelDeployment,
  finishDeployment,
  giveFeedback,
  startDeployment,
} from '../api/deployment-request.js';
import { listDeployments, noQuery } from '../api/query.js';
import { presentFeedback, presentStep } from '../app/present.js';
import type { DeploymentQuery } from '../store/port.js';
import { answer } from './answer.js';
import { callerOf } from './authentication-gate.js';
import { createJsonBody } from './body.js';
import { checkClock } from './clock-check.js';
import { command, idOf, matchedId } from './command.js';
import { entityTag } from './entity-tag.js';
import { repeatableId } from './idempotency.js';
import { presentPage, presentView, presentWhole } from './present.js';
import { defaultProject } from './router-deps.js';
import type { RouterDeps } from './router-deps.js';
import { validate } from './validate.js';

/** `/api/v1/deployments`: start, list, get, step, finish, cancel, feedback. */
export function createDeploymentsRouter({ useCases, idempotent, limits, clock }: RouterDeps): Router {
  const router = Router();
  const body = createJsonBody(limits);

  router.post(
    '/',
    ...body,
    command(idempotent, startDeployment, async (caller, asked, request) => {
      checkClock('/startedAt', asked.startedAtMs, clock(), limits);
      const project = asked.project ?? defaultProject(caller);
      const repeatId = repeatableId(request, caller);
      const started = await useCases.startDeployment(caller, { ...asked, project }, repeatId);
      return answer(201, presentWhole(started));
    }),
  );

  router.get('/', async (request, response) => {
    const caller = callerOf(request);
    const { from, to, project, ...filters } = validate(listDeployments, request.query, 'parameters');
    const query: DeploymentQuery = {
      ...filters,
      project: project ?? defaultProject(caller),
      ...(from === undefined ? {} : { fromMs: from }),
      ...(to === undefined ? {} : { toMs: to }),
    };
    const page = await useCases.listDeployments(caller, query);
    if (page.nextCursor !== undefined) linkNext(request, response, page.nextCursor);
    response.json(presentPage(page));
  });

  router.get('/:id', async (request, response) => {
    validate(noQuery, request.query, 'parameters');
    const view = await useCases.viewDeployment(callerOf(request), idOf(request));
    // For If-Match only. Verdicts change without a new revision, so a 304 from it would be wrong.
    response.set('etag', entityTag(view.deployment.revision)).json(presentView(view));
  });

  router.post(
    '/:id/steps',
    ...body,
    command(idempotent, beginStep, async (caller, step, request) => {
      checkClock('/startedAt', step.startedAtMs, clock(), limits);
      const begun = await useCases.beginStep(caller, await matchedId(useCases, caller, request), step);
      return answer(201, presentStep(begun));
    }),
  );

  router.post(
    '/:id/finish',
    ...body,
    command(idempotent, finishDeployment, async (caller, _empty, request) => {
      const id = await matchedId(useCases, caller, request);
      return answer(200, presentWhole(await useCases.finishDeployment(caller, id)));
    }),
  );

  router.post(
    '/:id/cancel',
    ...body,
    command(idempotent, cancelDeployment, async (caller, { reason }, request) => {
      const id = await matchedId(useCases, caller, request);
      return answer(200, presentWhole(await useCases.cancelDeployment(caller, id, reason)));
    }),
  );

  router.post(
    '/:id/feedback',
    ...body,
    command(idempotent, giveFeedback, async (caller, feedback, request) =>
      answer(201, presentFeedback(await useCases.giveFeedback(caller, idOf(request), feedback))),
    ),
  );

  return router;
}

/** RFC 8288: the same query with the next cursor. */
function linkNext(request: Request, response: Response, cursor: string): void {
  const [path = '', query = ''] = request.originalUrl.split('?', 2);
  const next = new URLSearchParams(query);
  next.set('cursor', cursor);
  response.set('link', `<${path}?${next.toString()}>; rel="next"`);
}
