import type { Deployment } from '../domain/deployment.js';
import { next } from '../domain/state-machine.js';
import type { Verdict } from '../domain/verdict.js';
import { watchTransitions } from '../domain/watch-machine.js';
import type { Transaction } from '../store/port.js';
import type { AppContext } from './context.js';
import { unjudged, writeVerdict } from './write-verdict.js';

/**
 * Ends every running watch of a deployment without a judgement. A verdict says so only where none was reached yet: a verdict that was
 * given stands.
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
  for (const watch of await tx.watches({ deploymentId: deployment.id, state: 'watching' })) {
    const state = next(watchTransitions, watch.state, event);
    if (state === undefined) continue;
    await tx.updateWatch({ ...watch, state, endedAtMs: nowMs, revision: watch.revision + 1 });
    if (watch.kind === 'late-regression') continue;
    const value = event === 'supersede' ? 'superseded' : 'cancelled';
    written.push(
      await writeVerdict(
        ctx,
        tx,
        deployment,
        unjudged(value, value, watch, deployment.policy.prior, nowMs, reason),
      ),
    );
  }
  return written;
}
