import type { Role } from './access.js';
import type { Author } from './check.js';
import type { Policy } from './policy.js';
import type { Transitions } from './state-machine.js';

/** A person's word that a deployment must not go on; at most one stands for a deployment. */
export interface Hold extends Author {
  readonly deploymentId: string;
  readonly reason: string;
  readonly sinceMs: number;
  /** It lapses by itself then; absent: it stands until somebody proceeds. */
  readonly untilMs?: number;
  /** True: the person wants automatic rollbacks held back too. */
  readonly stopsRollback: boolean;
}

export type HoldState = 'free' | 'held' | 'over';
export type HoldEvent = 'hold' | 'proceed' | 'lapse' | 'end';

/** `end`: the deployment was cancelled, superseded or rolled back, and nothing is left to hold. Holding again replaces the hold. */
export const holdTransitions: Transitions<HoldState, HoldEvent> = {
  free: { hold: 'held', end: 'over' },
  held: { hold: 'held', proceed: 'free', lapse: 'free', end: 'over' },
  over: {},
};

const DEFAULT_HOLD_ROLES: readonly Role[] = ['operator', 'admin'];

/** Roles that may hold and proceed. */
export function holdRolesOf(policy: Policy): readonly Role[] {
  return policy.holdRoles ?? DEFAULT_HOLD_ROLES;
}

/** The hold, as long as it has not lapsed. */
export function inForce(hold: Hold | undefined, nowMs: number): Hold | undefined {
  return hold?.untilMs !== undefined && hold.untilMs <= nowMs ? undefined : hold;
}
