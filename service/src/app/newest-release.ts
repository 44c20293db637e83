import type { Deployment, Place } from '../domain/deployment.js';
import type { Reader } from '../store/port.js';
import { AppError } from './use-cases.js';

/** The newest release at a place. @throws AppError `not-found` where nothing was ever deployed */
export async function newestRelease(
  reader: Pick<Reader, 'deployments'>,
  { project, service, environment }: Place,
): Promise<Deployment> {
  const [newest] = (await reader.deployments({ project, service, environment, limit: 1 })).items;
  if (newest !== undefined) return newest;
  throw new AppError('not-found', `nothing was deployed to "${service}" in "${environment}"`, {
    remedy: 'check the names; GET /api/v1/deployments lists what there is',
  });
}
