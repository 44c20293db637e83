import { deploymentTransitions } from '../domain/deployment-machine.js';
import type { Deployment } from '../domain/deployment.js';
import { rollbackTransitions } from '../domain/rollback-machine.js';
import type { Rollback } from '../domain/rollback.js';
import { next } from '../domain/state-machine.js';
import type { Transaction } from '../store/port.js';
import { announce } from './announce.js';
import { audit, SYSTEM } from './audit-trail.js';
import { rollbackEvent } from './begin-rollback.js';
import type { AppContext } from './context.js';
import { recordRollback } from './record-rollback.js';

/** How a rollback ended: carried out, tried in vain, or held back. */
export interface RollbackEnd {
  readonly event: 'succeed' | 'fail' | 'refuse';
  readonly detail: string;
}

/**
 * Writes the end of a rollback: its state, the deployment's, audit and webhooks, and the deployment that records one that was carried
 * out. Nothing happens to a rollback that has ended already.
 */
export async function endRollback(
  ctx: AppContext,
  tx: Transaction,
  { rollback, deployment }: { readonly rollback: Rollback; readonly deployment: Deployment },
  { event, detail }: RollbackEnd,
): Promise<void> {
  const state = next(rollbackTransitions, rollback.state, event);
  if (state === undefined) return;
  const recorded = event === 'succeed' ? await recordRollback(ctx, tx, deployment, rollback) : undefined;
  const ended: Rollback = {
    ...rollback,
    state,
    detail,
    ...(recorded === undefined ? {} : { rollbackDeploymentId: recorded.id }),
    finishedAtMs: ctx.clock(),
    revision: rollback.revision + 1,
  };
  await tx.updateRollback(ended);
  const after = await move(ctx, tx, deployment, event === 'succeed' ? 'rollback-done' : 'rollback-gave-up');
  await audit(ctx, tx, SYSTEM, `rollback.${state}`, deployment, {
    rollbackId: rollback.id,
    detail,
    ...(recorded === undefined ? {} : { recordedAs: recorded.id }),
  });
  const type = event === 'succeed' ? 'rollback.executed' : 'rollback.failed';
  await announce(ctx, tx, type, after, rollbackEvent(after, ended));
}

async function move(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  event: 'rollback-done' | 'rollback-gave-up',
): Promise<Deployment> {
  const state = next(deploymentTransitions, deployment.state, event);
  if (state === undefined) return deployment;
  const moved: Deployment = {
    ...deployment,
    state,
    finishedAtMs: deployment.finishedAtMs ?? ctx.clock(),
    revision: deployment.revision + 1,
  };
  await tx.updateDeployment(moved);
  return moved;
}
