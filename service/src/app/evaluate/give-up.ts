import { next } from '../../domain/state-machine.js';
import type { Verdict } from '../../domain/verdict.js';
import { watchTransitions } from '../../domain/watch-machine.js';
import { audit, SYSTEM } from '../audit-trail.js';
import type { AppContext } from '../context.js';
import { unjudged, writeVerdict } from '../write-verdict.js';

/**
 * Ends a watch that could not be judged as `inconclusive`, saying why: no data never becomes continue. A tail leaves the verdict that
 * was given, and the audit log says that nobody looked to its end.
 */
export async function giveUp(ctx: AppContext, watchId: string, why: string): Promise<Verdict | undefined> {
  return ctx.store.transaction(async (tx) => {
    const watch = await tx.watch(watchId);
    const deployment = watch && (await tx.deployment(watch.deploymentId));
    const state = watch && next(watchTransitions, watch.state, 'decide');
    if (watch === undefined || deployment === undefined || state === undefined) return undefined;
    await tx.updateWatch({ ...watch, state, endedAtMs: ctx.clock(), revision: watch.revision + 1 });
    if (watch.kind === 'late-regression') {
      await audit(ctx, tx, SYSTEM, 'tail.not-judged', deployment, { watch: watch.id, why });
      return undefined;
    }
    const asOfMs = watch.changeAtMs + watch.lastLook * watch.intervalMs;
    const reason = { code: 'could-not-judge', text: why };
    return writeVerdict(
      ctx,
      tx,
      deployment,
      unjudged('inconclusive', 'not-enough-data', watch, deployment.policy.prior, asOfMs, reason),
    );
  });
}
