import { authorise, mayAct, refusedPerson, type Permission, type TargetPlace } from '../domain/authorise.js';
import type { Deployment } from '../domain/deployment.js';
import type { Reader } from '../store/port.js';
import { AppError, type Caller } from './use-cases.js';

/** @throws AppError `forbidden` unless the caller's role and scope allow it */
export function permit(caller: Caller, permission: Permission, place: TargetPlace): void {
  const answer = authorise(caller, permission, place);
  if (answer.kind === 'refused')
    throw new AppError('forbidden', answer.reason, { remedy: answer.remedy ?? remedyFor(caller) });
}

/**
 * Holds back a person whom the token lets read alone, also where a policy and not a permission says who may.
 * @throws AppError `forbidden`
 */
export function permitPerson(caller: Caller, place: TargetPlace): void {
  if (mayAct(caller, place)) return;
  throw new AppError('forbidden', refusedPerson(place), { remedy: remedyFor(caller) });
}

function remedyFor({ person }: Caller): string {
  return person === undefined
    ? 'use a token whose role and scope allow it'
    : `let a rule in tokens[].grafana.allow of the service's configuration name "${person}", or ask somebody whom one names`;
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
