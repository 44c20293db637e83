import type { Deployment } from '../domain/deployment.js';
import { next } from '../domain/state-machine.js';
import { priorFor } from '../domain/tuning.js';
import type { Verdict } from '../domain/verdict.js';
import { watchTransitions } from '../domain/watch-machine.js';
import type { Watch } from '../domain/watch.js';
import type { Transaction } from '../store/port.js';
import type { AppContext } from './context.js';
import { dropHold } from './drop-hold.js';
import { unjudged, writeVerdict } from './write-verdict.js';

/**
 * Ends every running watch of a deployment without a judgement and says so in a verdict, but only where none was reached yet: a
 * verdict that was given stands.
 */
export async function endWatches(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  event: 'supersede' | 'cancel',
  reason: { readonly code: string; readonly text: string },
): Promise<readonly Verdict[]> {
  const written: Verdict[] = [];
  const nowMs = ctx.clock();
  const value = event === 'supersede' ? 'superseded' : 'cancelled';
  const end = (watch: Watch): Promise<Verdict> =>
    writeVerdict(
      ctx,
      tx,
      deployment,
      unjudged(value, value, watch, priorFor(deployment.policy, watch), nowMs, reason),
    );
  for (const watch of await closeWatches(ctx, tx, deployment, event))
    if (watch.kind !== 'late-regression') written.push(await end(watch));
  await dropHold(ctx, tx, deployment, event);
  if (written.length > 0 || (await tx.latestVerdict(deployment.id))?.rule !== 'held') return written;
  // Decided, but held back: nobody can lift the hold any more.
  const judged = (await tx.watches({ deploymentId: deployment.id })).at(-1);
  return judged === undefined ? [] : [await end(judged)];
}

/** Ends every running watch of a deployment and leaves the verdict to the caller. @returns the watches as they were */
export async function closeWatches(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  event: 'supersede' | 'cancel',
): Promise<readonly Watch[]> {
  const running = await tx.watches({ deploymentId: deployment.id, state: 'watching' });
  for (const watch of running) {
    const state = next(watchTransitions, watch.state, event);
    if (state === undefined) continue;
    await tx.updateWatch({ ...watch, state, endedAtMs: ctx.clock(), revision: watch.revision + 1 });
  }
  return running;
}
