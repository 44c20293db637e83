import { deploymentTransitions } from '../domain/deployment-machine.js';
import type { Deployment } from '../domain/deployment.js';
import type { Rollback } from '../domain/rollback.js';
import { next } from '../domain/state-machine.js';
import type { Transaction } from '../store/port.js';
import { announce } from './announce.js';
import { audit } from './audit-trail.js';
import type { AppContext } from './context.js';
import { dropHold } from './drop-hold.js';
import { AppError, type Caller } from './use-cases.js';

/**
 * Accepts a rollback: the deployment begins to roll back and the runner takes it from there. Must run in the transaction that made it
 * necessary.
 * @throws AppError `conflict` when the deployment can't be rolled back (any more)
 */
export async function beginRollback(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  executor: string,
  caller: Caller,
  order: { readonly automatic: boolean; readonly reason: string },
): Promise<Rollback> {
  const state = next(deploymentTransitions, deployment.state, 'rollback-accepted');
  if (state === undefined)
    throw new AppError('conflict', `a deployment that is ${deployment.state} cannot be rolled back`, {
      remedy:
        deployment.state === 'rolling-back'
          ? 'a rollback is already under way; read the deployment to follow it'
          : 'deploy the wanted version instead',
    });
  await refuseOverNewer(tx, deployment);
  const actor = await audit(ctx, tx, caller, 'rollback.request', deployment, { executor, ...order });
  const rollback: Rollback = {
    id: ctx.newId(),
    deploymentId: deployment.id,
    state: 'requested',
    automatic: order.automatic,
    reason: order.reason,
    actor,
    executor,
    attempts: 0,
    requestedAtMs: ctx.clock(),
    revision: 1,
  };
  await tx.insertRollback(rollback);
  await dropHold(ctx, tx, deployment, 'rollback');
  const rolling: Deployment = { ...deployment, state, revision: deployment.revision + 1 };
  await tx.updateDeployment(rolling);
  await announce(ctx, tx, 'rollback.requested', rolling, rollbackEvent(rolling, rollback));
  return rollback;
}

/** Rolling an older release back would take away what runs now. */
async function refuseOverNewer(tx: Transaction, deployment: Deployment): Promise<void> {
  const { project, service, environment } = deployment;
  const [newest] = (await tx.deployments({ project, service, environment, limit: 1 })).items;
  if (newest === undefined || newest.id === deployment.id) return;
  throw new AppError('conflict', `deployment ${newest.id} (${newest.version}) was made after this one`, {
    remedy: 'roll the newer one back',
  });
}

/** What webhooks tell of a rollback. */
export function rollbackEvent(deployment: Deployment, rollback: Rollback): Readonly<Record<string, unknown>> {
  return {
    rollbackId: rollback.id,
    deploymentId: deployment.id,
    service: deployment.service,
    environment: deployment.environment,
    version: deployment.version,
    previousVersion: deployment.previousVersion ?? null,
    state: rollback.state,
    automatic: rollback.automatic,
    reason: rollback.reason,
    executor: rollback.executor,
    attempts: rollback.attempts,
    detail: rollback.detail ?? null,
    rollbackDeploymentId: rollback.rollbackDeploymentId ?? null,
  };
}
