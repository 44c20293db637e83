import { authorise } from '../domain/authorise.js';
import type { RequiredCheck } from '../domain/check.js';
import type { PlannedStep } from '../domain/deployment.js';
import { holdRolesOf } from '../domain/hold.js';
import type { Policy } from '../domain/policy.js';
import { AppError, type Caller, type StartDeployment } from './use-cases.js';

/**
 * A check that is required at a step which nobody planned would silently be required nowhere.
 * @throws AppError `invalid`
 */
export function checkRequiredSteps(policy: Policy, plannedSteps: readonly PlannedStep[]): void {
  const names = plannedSteps.map(({ name }) => name);
  for (const { name, step } of policy.requiredChecks ?? [])
    if (step !== undefined && !names.includes(step))
      throw new AppError(
        'invalid',
        `the policy "${policy.name}" requires the check "${name}" at the step "${step}", which is not planned (${names.join(', ')})`,
        { field: '/plannedSteps', remedy: 'plan that step, or leave "step" out of the required check' },
      );
}

/**
 * A pipeline that chooses a policy, by value or by name, asks for no less than the configured one does: neither a required check nor the
 * choice of who may hold is taken out that way.
 * @param configured the policy that the service would have had
 * @throws AppError `forbidden`
 */
export function refuseLooser(
  caller: Caller,
  command: StartDeployment,
  policy: Policy,
  configured: Policy | undefined,
): void {
  if (configured === undefined || authorise(caller, 'override', command).kind === 'ok') return;
  const isByName = typeof command.policy === 'string';
  const changed = changedDemand(policy.requiredChecks ?? [], configured.requiredChecks ?? []);
  if (changed !== undefined)
    throw looser(
      `the policy "${configured.name}" requires the check "${changed.name}"`,
      isByName ? '' : '/requiredChecks',
    );
  const allowed = holdRolesOf(configured);
  const added = holdRolesOf(policy).find((role) => !allowed.includes(role));
  if (added !== undefined)
    throw looser(
      `the policy "${configured.name}" does not let the role ${added} hold`,
      isByName ? '' : '/holdRoles',
    );
}

/** A demand that was left out, or one that speaks to a configured check in another way. */
function changedDemand(
  asked: readonly RequiredCheck[],
  configured: readonly RequiredCheck[],
): RequiredCheck | undefined {
  const [before, after] = [configured.map(demandOf), asked.map(demandOf)];
  const names = new Set(configured.map(({ name }) => name));
  return (
    configured.find((one) => !after.includes(demandOf(one))) ??
    asked.find((one) => names.has(one.name) && !before.includes(demandOf(one)))
  );
}

function demandOf({ name, kind, role, step, onFailure }: RequiredCheck): string {
  return JSON.stringify([name, kind, role, step, onFailure]);
}

function looser(why: string, field: '' | '/requiredChecks' | '/holdRoles'): AppError {
  return new AppError('forbidden', `${why}, and a pipeline may not choose a policy that asks for less`, {
    field: `/policy${field}`,
    remedy: 'leave "policy" out, keep the demand as it is, or use an operator token',
  });
}
