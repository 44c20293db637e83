import { inForce, type Hold } from '../../domain/hold.js';
import { SYSTEM } from '../audit-trail.js';
import { publishActivity, record } from '../collaborate/change-beside.js';
import { endHold } from '../collaborate/end-hold.js';
import type { AppContext } from '../context.js';
import { publishDecision } from './publish-decision.js';
import { settleGate } from './settle-gate.js';

/** Lifts every hold whose end has come, each in a transaction of its own: one that cannot be lifted now keeps no other one. */
export async function lapseHolds(ctx: AppContext): Promise<void> {
  for (const hold of await ctx.store.lapsedHolds(ctx.clock()))
    try {
      await lapse(ctx, hold);
    } catch (error) {
      ctx.log.warn(
        { deploymentId: hold.deploymentId, err: error },
        'a hold that has ended could not be lifted; it is tried again soon',
      );
    }
}

async function lapse(ctx: AppContext, { deploymentId }: Hold): Promise<void> {
  const done = await ctx.store.transaction(async (tx) => {
    const hold = await tx.hold(deploymentId);
    const deployment = await tx.deployment(deploymentId);
    if (hold === undefined || deployment === undefined || inForce(hold, ctx.clock())) return undefined;
    const told = await endHold(tx, deployment, hold);
    await record(ctx, tx, SYSTEM, deployment, told);
    return { told, decision: await settleGate(ctx, tx, deploymentId) };
  });
  if (done === undefined) return;
  publishActivity(ctx, deploymentId, done.told);
  publishDecision(ctx, done.decision);
}
