import { next } from '../domain/state-machine.js';
import { deploymentTransitions } from '../domain/deployment-machine.js';
import type { Deployment } from '../domain/deployment.js';
import type { Rollback } from '../domain/rollback.js';
import { beginRollback } from './begin-rollback.js';
import type { AppContext } from './context.js';
import { endWatches } from './end-watches.js';
import { executorFor } from './executor-for.js';
import { permittedDeployment } from './permit.js';
import { AppError, type Caller } from './use-cases.js';

/** A person, a pipeline or the plugin asks for a rollback; the service owns it from here. */
export async function requestRollback(
  ctx: AppContext,
  caller: Caller,
  id: string,
  request: { readonly reason?: string; readonly dryRun: boolean },
): Promise<Rollback> {
  const deployment = await permittedDeployment(ctx.store, caller, 'rollback', id);
  const executor = executorOf(ctx, deployment);
  const reason = request.reason?.trim() ?? '';
  if (deployment.policy.reasonRequired && reason === '')
    throw new AppError('invalid', 'a reason is required by the policy', {
      field: '/reason',
      remedy: 'say in one sentence why it is rolled back',
    });
  // In a transaction, so that a dry run is held to the same conditions as the real one.
  if (request.dryRun)
    return ctx.store.transaction(async (tx) =>
      rehearse(ctx, caller, (await tx.deployment(id)) ?? deployment, executor, reason),
    );

  const { rollback, verdicts } = await ctx.store.transaction(async (tx) => {
    const current = await tx.deployment(id);
    if (current === undefined) throw new AppError('not-found', `there is no deployment "${id}"`);
    const ended = await endWatches(ctx, tx, current, 'cancel', {
      code: 'rolled-back-by-hand',
      text: `rolled back on request: ${reason || 'no reason given'}`,
    });
    return {
      rollback: await beginRollback(ctx, tx, current, executor, caller, { automatic: false, reason }),
      verdicts: ended,
    };
  });
  verdicts.forEach((v) => ctx.feed.publish(v));
  ctx.wake('watches');
  ctx.wake('rollbacks');
  ctx.wake('outbox');
  return rollback;
}

function executorOf(ctx: AppContext, deployment: Deployment): string {
  const { executor } = deployment.policy;
  if (executor === undefined)
    throw new AppError('conflict', `the policy "${deployment.policy.name}" names no executor`, {
      remedy:
        'name one in the policy ("executor") and configure it on the server, or roll back with your own tools',
    });
  const found = executorFor(ctx.executors, executor, deployment);
  if (found.kind === 'unusable') throw new AppError('conflict', found.reason, { remedy: found.remedy });
  return executor;
}

/** What a rollback would be, with the same checks and without any effect. */
function rehearse(
  ctx: AppContext,
  caller: Caller,
  deployment: Deployment,
  executor: string,
  reason: string,
): Rollback {
  const possible = next(deploymentTransitions, deployment.state, 'rollback-accepted') !== undefined;
  const consequences = [
    `${executor} would take ${deployment.service} in ${deployment.environment} from ${deployment.version} to ${deployment.previousVersion ?? 'the previous version'}`,
    ...(deployment.migration?.reversible === false
      ? ['the database migration of this deployment cannot be reversed']
      : []),
    ...(possible ? [] : [`it would be refused: the deployment is ${deployment.state}`]),
  ];
  return {
    id: 'dry-run',
    deploymentId: deployment.id,
    state: possible ? 'requested' : 'refused',
    automatic: false,
    reason,
    actor: caller.name,
    executor,
    attempts: 0,
    detail: consequences.join('; '),
    requestedAtMs: ctx.clock(),
    revision: 0,
  };
}
