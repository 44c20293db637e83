import { Router } from 'express';
import type { Request } from 'express';
import type { z } from 'zod';
import { resetTuning, type serviceCalibration } from '../api/calibration.js';
import { changeLearnedScorer, type learnedTuning } from '../api/learned-scorer.js';
import { calibrationQuery, servicePath } from '../api/query.js';
import { presentCalibration, presentReset } from '../app/feedback/present-calibration.js';
import type { LearnedTuning } from '../app/learned/learned-tuning.js';
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

  for (const [path, use] of [
    ['tune', 'tuneLearnedScorer'],
    ['revert', 'revertLearnedScorer'],
  ] as const)
    router.post(
      `/:service/learned-scorer/${path}`,
      ...createJsonBody(deps.limits),
      command(deps, changeLearnedScorer, async (held, caller, asked, request) => {
        const { project = defaultProject(caller), environment, reason } = asked;
        const place = { project, service: serviceOf(request), environment };
        return answer(200, presentTuned(await held[use](caller, place, reason)));
      }),
    );

  return router;
}

function presentTuned({ isUsed, model, ...same }: LearnedTuning): z.input<typeof learnedTuning> {
  return { used: isUsed, ...model, ...same };
}

function serviceOf(request: Request): string {
  return validate(servicePath, request.params, 'parameters').service;
}
