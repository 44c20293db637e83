import { authorise, type Permission, type TargetPlace } from '../domain/authorise.js';
import type { Deployment } from '../domain/deployment.js';
import type { Reader } from '../store/port.js';
import { AppError, type Caller } from './use-cases.js';

/** @throws AppError `forbidden` unless the caller's role and scope allow it */
export function permit(caller: Caller, permission: Permission, place: TargetPlace): void {
  const answer = authorise(caller, permission, place);
  if (answer.kind === 'refused')
    throw new AppError('forbidden', answer.reason, { remedy: 'use a token whose role and scope allow it' });
}

/** A deployment that the caller may touch. One outside the caller's scope looks as if it did not exist. */
export async function permittedDeployment(
  reader: Reader,
  caller: Caller,
  permission: Permission,
  id: string,
): Promise<Deployment> {
  const deployment = await reader.deployment(id);
  if (deployment === undefined || authorise(caller, 'read', deployment).kind === 'refused')
    throw new AppError('not-found', `there is no deployment "${id}"`, {
      remedy: 'check the id; GET /api/v1/deployments lists what you may see',
    });
  permit(caller, permission, deployment);
  return deployment;
}
