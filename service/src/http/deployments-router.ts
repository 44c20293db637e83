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
import { command, idOf } from './command.js';
import { entityTag } from './entity-tag.js';
import { presentPage, presentView, presentWhole } from './present.js';
import { defaultProject } from './router-deps.js';
import type { RouterDeps } from './router-deps.js';
import { validate } from './validate.js';

/** `/api/v1/deployments`: start, list, get, step, finish, cancel, feedback. */
export function createDeploymentsRouter(deps: RouterDeps): Router {
  const { useCases, limits, clock } = deps;
  const router = Router();
  const body = createJsonBody(limits);

  router.post(
    '/',
    ...body,
    command(deps, startDeployment, async (held, caller, asked) => {
      checkClock('/startedAt', asked.startedAtMs, clock(), limits);
      const project = asked.project ?? defaultProject(caller);
      const started = await held.startDeployment(caller, { ...asked, project });
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
    command(
      deps,
      beginStep,
      async (held, caller, step, request) => {
        checkClock('/startedAt', step.startedAtMs, clock(), limits);
        return answer(201, presentStep(await held.beginStep(caller, idOf(request), step)));
      },
      'if-match',
    ),
  );

  router.post(
    '/:id/finish',
    ...body,
    command(
      deps,
      finishDeployment,
      async (held, caller, _empty, request) =>
        answer(200, presentWhole(await held.finishDeployment(caller, idOf(request)))),
      'if-match',
    ),
  );

  router.post(
    '/:id/cancel',
    ...body,
    command(
      deps,
      cancelDeployment,
      async (held, caller, { reason }, request) =>
        answer(200, presentWhole(await held.cancelDeployment(caller, idOf(request), reason))),
      'if-match',
    ),
  );

  router.post(
    '/:id/feedback',
    ...body,
    command(
      deps,
      giveFeedback,
      async (held, caller, feedback, request) =>
        answer(201, presentFeedback(await held.giveFeedback(caller, idOf(request), feedback))),
      'if-match',
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
