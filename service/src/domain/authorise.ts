import type { Role } from './access.js';
import type { Place } from './deployment.js';

/** What a call needs: `read` sees, `push` brings samples, `deploy` starts to finishes, `administer` sets brakes and tokens. */
export type Permission = 'read' | 'push' | 'deploy' | 'rollback' | 'override' | 'administer';

/** What a caller may touch; `*` in a field stands for everything. */
export interface Scope {
  readonly role: Role;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
  /** Of a person whom the token lets act in some places only; elsewhere it is good for reading. Absent: wherever the scope reaches. */
  readonly actsIn?: readonly Place[];
}

/** Where the call would act. An absent service or environment means all of them, which only `*` covers. */
export interface TargetPlace {
  readonly project: string;
  readonly service?: string;
  readonly environment?: string;
}

export type Authorisation =
  | { readonly kind: 'ok' }
  /** `remedy` is absent where it is not the token that holds back. */
  | { readonly kind: 'refused'; readonly reason: string; readonly remedy?: string };

const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read'],
  pipeline: ['read', 'push', 'deploy'],
  operator: ['read', 'push', 'deploy', 'rollback', 'override'],
  admin: ['read', 'push', 'deploy', 'rollback', 'override', 'administer'],
};

/**
 * Whether a caller may do something somewhere: the role must hold the permission and the scope must cover the place. The
 * remedy of a refusal names the role or scope that would do.
 * @example authorise({ role: 'viewer', project: '*', service: '*', environment: '*' }, 'deploy', { project: 'default' })
 */
export function authorise(scope: Scope, permission: Permission, place: TargetPlace): Authorisation {
  // A role of a newer version, read from the store, holds nothing here.
  const held: readonly Permission[] = Object.hasOwn(permissionsOf, scope.role)
    ? permissionsOf[scope.role]
    : [];
  if (!held.includes(permission)) {
    return {
      kind: 'refused',
      reason: `the role ${scope.role} may not ${permission}`,
      remedy: `use a token with the role ${leastRole(permission)}`,
    };
  }
  for (const field of ['project', 'service', 'environment'] as const) {
    if (covers(scope[field], place[field])) continue;
    const wanted = place[field] ?? '*';
    return {
      kind: 'refused',
      reason: `the token is scoped to the ${field} "${scope[field]}"`,
      remedy: `use one for "${wanted}"`,
    };
  }
  if (permission !== 'read' && !mayAct(scope, place))
    return { kind: 'refused', reason: refusedPerson(place) };
  return { kind: 'ok' };
}

/** Whether anything but reading is allowed at a place, as far as the person behind a token is concerned. */
export function mayAct({ actsIn }: Pick<Scope, 'actsIn'>, place: TargetPlace): boolean {
  return (
    actsIn === undefined ||
    actsIn.some((rule) =>
      (['project', 'service', 'environment'] as const).every((field) => covers(rule[field], place[field])),
    )
  );
}

/** Why a person may not act somewhere. */
export function refusedPerson({
  service = 'every service',
  environment = 'every environment',
}: TargetPlace): string {
  return `no rule lets this person act on ${service} in ${environment}`;
}

function covers(scope: string, wanted: string | undefined): boolean {
  return scope === '*' || scope === wanted;
}

function leastRole(permission: Permission): string {
  const roles: readonly Role[] = ['viewer', 'pipeline', 'operator', 'admin'];
  return roles.find((role) => permissionsOf[role].includes(permission)) ?? 'admin';
}
