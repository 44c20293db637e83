import { Router } from 'express';
import type { Request } from 'express';
import type { z } from 'zod';
import { resetTuning, type serviceCalibration } from '../api/calibration.js';
import { calibrationQuery, servicePath } from '../api/query.js';
import { presentCalibration, presentReset } from '../app/feedback/present-calibration.js';
import { answer } from './answer.js';
import { callerOf } from './authentication-gate.js';
import { createJsonBody } from './body.js';
import { command } from './command.js';
import { defaultProject, type RouterDeps } from './router-deps.js';
import { validate } from './validate.js';

/** `/api/v1/services`: how well verdicts on a service hold, and what was learned of it. */
export function createServicesRouter(deps: RouterDeps): Router {
  const router = Router();

  router.get('/:service/calibration', async (request, response) => {
    const caller = callerOf(request);
    const service = serviceOf(request);
    const { project = defaultProject(caller), ...filter } = validate(
      calibrationQuery,
      request.query,
      'parameters',
    );
    const views = await deps.useCases.viewCalibration(caller, { project, service, ...filter });
    const body: z.input<typeof serviceCalibration> = presentCalibration(project, service, views);
    response.json(body);
  });

  router.post(
    '/:service/tuning/reset',
    ...createJsonBody(deps.limits),
    command(deps, resetTuning, async (held, caller, asked, request) => {
      const { project = defaultProject(caller), environment, reason } = asked;
      const place = { project, service: serviceOf(request), environment };
      return answer(201, presentReset(await held.resetTuning(caller, place, reason)));
    }),
  );

  return router;
}

function serviceOf(request: Request): string {
  return validate(servicePath, request.params, 'parameters').service;
}
