import type { Deployment } from '../../domain/deployment.js';
import { gate } from '../../domain/gate.js';
import { next } from '../../domain/state-machine.js';
import { priorFor } from '../../domain/tuning.js';
import type { Watch } from '../../domain/watch.js';
import { watchTransitions } from '../../domain/watch-machine.js';
import type { Transaction } from '../../store/port.js';
import { audit, SYSTEM } from '../audit-trail.js';
import type { AppContext } from '../context.js';
import { unjudged, type NewVerdict } from '../write-verdict.js';
import { gateFacts, gateInputs } from './gate-inputs.js';
import { writeDecision, type Decision } from './write-decision.js';

/**
 * Ends a watch that could not be judged as `inconclusive`, saying why: no data never becomes continue. A hold keeps that back as it does
 * any other word. A tail leaves the verdict that was given, and the audit log says that nobody looked to its end.
 * @returns `at-gate` when every look was taken: what is left to wait for are checks and holds
 */
export async function giveUp(
  ctx: AppContext,
  watchId: string,
  why: string,
): Promise<Decision | 'at-gate' | undefined> {
  return ctx.store.transaction(async (tx) => {
    const watch = await tx.watch(watchId);
    const deployment = watch && (await tx.deployment(watch.deploymentId));
    const state = watch && next(watchTransitions, watch.state, 'decide');
    if (watch === undefined || deployment === undefined || state === undefined) return undefined;
    if (watch.lastLook >= watch.plannedLooks) return 'at-gate';
    await tx.updateWatch({ ...watch, state, endedAtMs: ctx.clock(), revision: watch.revision + 1 });
    if (watch.kind === 'late-regression') {
      await audit(ctx, tx, SYSTEM, 'tail.not-judged', deployment, { watch: watch.id, why });
      return undefined;
    }
    return writeDecision(ctx, tx, deployment, await contentOf(ctx, tx, deployment, watch, why));
  });
}

async function contentOf(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  watch: Watch,
  why: string,
): Promise<NewVerdict> {
  const asOfMs = watch.changeAtMs + watch.lastLook * watch.intervalMs;
  const reason = { code: 'could-not-judge', text: why };
  const prior = priorFor(deployment.policy, watch);
  const bare = unjudged('inconclusive', 'not-enough-data', watch, prior, asOfMs, reason);
  const inputs = await gateInputs(tx, deployment, watch, watch.lastLook, ctx.clock());
  if (inputs === undefined) return bare;
  const gated = gate('inconclusive', inputs);
  const content = { ...bare, ...gateFacts(inputs) };
  if (gated.rule === undefined) return content;
  return {
    ...content,
    value: gated.value,
    rule: gated.rule,
    guarantee: gated.value === 'rollback' ? 'guard-rail' : 'none',
    reasons: [...gated.reasons, reason],
    stillNeeded: gated.stillNeeded,
    ...(gated.value === 'pending'
      ? {
          withheld: {
            value: 'inconclusive',
            rule: 'not-enough-data',
            guarantee: 'none',
            reasons: [reason],
          },
        }
      : {}),
  };
}
