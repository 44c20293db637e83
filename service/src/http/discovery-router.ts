import { Router } from 'express';
import { discoveryQuery } from '../api/query.js';
import { presentFound } from '../app/discovery/present-found.js';
import { callerOf } from './authentication-gate.js';
import { defaultProject, type RouterDeps } from './router-deps.js';
import { validate } from './validate.js';

/** `/api/v1/discovery`: what there is to watch. */
export function createDiscoveryRouter({ useCases }: RouterDeps): Router {
  const router = Router();
  router.get('/discovery', async (request, response) => {
    const caller = callerOf(request);
    const { project = defaultProject(caller), ...query } = validate(
      discoveryQuery,
      request.query,
      'parameters',
    );
    response.json(presentFound(await useCases.discover(caller, { project, ...query })));
  });
  return router;
}
