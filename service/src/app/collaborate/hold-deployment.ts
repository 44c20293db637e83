import type { Deployment } from '../../domain/deployment.js';
import {
  holdRolesOf,
  holdTransitions,
  inForce,
  type Hold,
  type HoldEvent,
  type HoldState,
} from '../../domain/hold.js';
import { next } from '../../domain/state-machine.js';
import type { Transaction } from '../../store/port.js';
import type { AppContext } from '../context.js';
import { presentHold } from '../present-collaboration.js';
import { currentVerdict } from '../read-deployment.js';
import { AppError, type Caller, type HoldRequest, type HoldView, type StatedPerson } from '../use-cases.js';
import { authorOf, personOf } from './author-of.js';
import { changeBeside, type Change } from './change-beside.js';
import { endHold } from './end-hold.js';

/** Whoever needs longer holds again, or gives no end. */
const LONGEST_HOLD_MS = 30 * 86_400_000;

/**
 * A person's word that the deployment must not go on: until it is lifted no verdict lets it, and only `rollback` comes through. A hold that
 * stands is replaced.
 * @throws AppError `forbidden` unless the policy lets this role hold, `conflict` when nothing is left to hold
 */
export async function holdDeployment(
  ctx: AppContext,
  caller: Caller,
  id: string,
  { reason, untilMs, stopsRollback, by }: HoldRequest,
): Promise<HoldView> {
  await changeBeside(ctx, caller, 'read', id, async (tx, deployment): Promise<Change<undefined>> => {
    checkRole(caller, deployment, 'hold');
    checkEnd(untilMs, ctx.clock());
    move(deployment, 'hold', await standing(ctx, tx, deployment));
    const hold: Hold = {
      deploymentId: id,
      reason,
      sinceMs: ctx.clock(),
      ...(untilMs === undefined ? {} : { untilMs }),
      stopsRollback,
      ...(await authorOf(tx, caller, by)),
    };
    await tx.setHold(hold);
    await tx.updateDeployment({ ...deployment, revision: deployment.revision + 1 });
    const { deploymentId, by: author, ...detail } = presentHold(hold);
    return {
      result: undefined,
      movesGate: true,
      told: {
        action: 'deployment.hold',
        detail: { ...detail, ...personOf(hold) },
        event: 'deployment.held',
        data: presentHold(hold),
      },
    };
  });
  return viewHold(ctx, caller, id);
}

/** Lifts a hold: what it kept back is given now. @throws AppError `conflict` when nobody holds */
export async function proceedDeployment(
  ctx: AppContext,
  caller: Caller,
  id: string,
  { reason, by }: { readonly reason: string; readonly by?: StatedPerson },
): Promise<HoldView> {
  await changeBeside(ctx, caller, 'read', id, async (tx, deployment): Promise<Change<undefined>> => {
    checkRole(caller, deployment, 'proceed');
    const held = await standing(ctx, tx, deployment);
    move(deployment, 'proceed', held);
    const author = await authorOf(tx, caller, by);
    const told = await endHold(tx, deployment, held, { reason, author });
    return { result: undefined, movesGate: true, told };
  });
  return viewHold(ctx, caller, id);
}

function checkRole(caller: Caller, { policy }: Deployment, what: 'hold' | 'proceed'): void {
  const roles = holdRolesOf(policy);
  if (roles.some((role) => role === caller.role)) return;
  throw new AppError(
    'forbidden',
    `the policy "${policy.name}" lets ${roles.join(' and ')} ${what}; this token has the role ${caller.role}`,
    { remedy: `use a token with the role ${roles.join(' or ')}, or name the role in the policy (holdRoles)` },
  );
}

function checkEnd(untilMs: number | undefined, nowMs: number): void {
  if (untilMs === undefined || (untilMs > nowMs && untilMs <= nowMs + LONGEST_HOLD_MS)) return;
  throw new AppError('invalid', 'a hold ends at a time to come, within 30 days', {
    field: '/until',
    remedy: 'correct the time, or leave "until" out: it then stands until somebody proceeds',
  });
}

/** A hold whose end has come no longer stands, also before it was swept away. */
async function standing(ctx: AppContext, tx: Transaction, { id }: Deployment): Promise<Hold | undefined> {
  return inForce(await tx.hold(id), ctx.clock());
}

function move({ state }: Deployment, event: HoldEvent, held: Hold | undefined): void {
  const open = state === 'running' || state === 'finished';
  const from: HoldState = open ? (held === undefined ? 'free' : 'held') : 'over';
  if (next(holdTransitions, from, event) !== undefined) return;
  throw from === 'over'
    ? new AppError('conflict', `a deployment that is ${state} can't be held`, {
        remedy: 'nothing is left to hold; the kill switch (PUT /api/v1/controls) stops automatic rollbacks',
      })
    : new AppError('conflict', 'nobody holds this deployment', { remedy: 'nothing is left to lift' });
}

async function viewHold(ctx: AppContext, caller: Caller, id: string): Promise<HoldView> {
  const verdict = await currentVerdict(ctx, caller, id);
  const [deployment, hold] = [await ctx.store.deployment(id), await ctx.store.hold(id)];
  if (deployment === undefined) throw new AppError('not-found', `there is no deployment "${id}"`);
  return { deployment, verdict, ...(hold === undefined ? {} : { hold }) };
}
