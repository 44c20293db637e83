import { next } from '../domain/state-machine.js';
import { priorFor } from '../domain/tuning.js';
import type { Verdict } from '../domain/verdict.js';
import { watchTransitions } from '../domain/watch-machine.js';
import { audit } from './audit-trail.js';
import { refuseWhileHeld } from './collaborate/refuse-while-held.js';
import type { AppContext } from './context.js';
import { permittedDeployment } from './permit.js';
import { AppError, type Caller } from './use-cases.js';
import { unjudged, writeVerdict } from './write-verdict.js';

/** A person takes responsibility: the verdict becomes `continue` by override, whatever the metrics say, and the watch ends. */
export async function overrideContinue(
  ctx: AppContext,
  caller: Caller,
  id: string,
  request: { readonly reason: string },
): Promise<Verdict> {
  await permittedDeployment(ctx.store, caller, 'override', id);
  if (request.reason.trim() === '')
    throw new AppError('invalid', 'an override needs a reason', {
      field: '/reason',
      remedy: 'say in one sentence why it may continue',
    });
  const verdict = await ctx.store.transaction(async (tx) => {
    const deployment = await tx.deployment(id);
    if (deployment?.state !== 'running' && deployment?.state !== 'finished')
      throw new AppError(
        'conflict',
        `a deployment that is ${deployment?.state ?? 'gone'} can't be overridden`,
        { remedy: 'nothing is left to continue' },
      );
    await refuseWhileHeld(ctx, tx, id);
    const watches = await tx.watches({ deploymentId: id });
    for (const watch of watches) {
      const state = next(watchTransitions, watch.state, 'decide');
      if (state !== undefined)
        await tx.updateWatch({ ...watch, state, endedAtMs: ctx.clock(), revision: watch.revision + 1 });
    }
    const last = watches.at(-1);
    if (last === undefined)
      throw new AppError('conflict', 'this deployment is not watched', {
        remedy: 'nothing is left to continue',
      });
    await audit(ctx, tx, caller, 'verdict.override', deployment, { reason: request.reason });
    const reason = { code: 'override', text: request.reason };
    const content = unjudged(
      'continue',
      'override',
      last,
      priorFor(deployment.policy, last),
      ctx.clock(),
      reason,
    );
    return writeVerdict(ctx, tx, deployment, content, caller);
  });
  ctx.feed.publish(verdict);
  ctx.wake('watches');
  ctx.wake('outbox');
  return verdict;
}
