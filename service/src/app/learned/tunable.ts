import type { Deployment, Place } from '../../domain/deployment.js';
import type { LearnedModels } from '../../engine/port.js';
import type { AppContext } from '../context.js';
import { AppError } from '../use-cases.js';

/** The newest release at a place. @throws AppError `not-found` where nothing was ever deployed */
export async function newestRelease(ctx: AppContext, place: Place): Promise<Deployment> {
  const { project, service, environment } = place;
  const [newest] = (await ctx.store.deployments({ project, service, environment, limit: 1 })).items;
  if (newest !== undefined) return newest;
  throw new AppError('not-found', `nothing was deployed to "${service}" in "${environment}"`, {
    remedy: 'check the names; GET /api/v1/deployments lists what there is',
  });
}

/** @throws AppError `invalid` where this server keeps no models */
export function modelsOf({ learned }: AppContext): LearnedModels {
  if (learned !== undefined) return learned;
  throw new AppError('invalid', 'this server keeps no tuned models', {
    remedy: 'run it with a data folder',
  });
}
