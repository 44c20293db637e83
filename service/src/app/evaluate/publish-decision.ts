import type { AppContext } from '../context.js';
import type { Decision } from './write-decision.js';

/** Tells everybody in this process of what a committed transaction decided; webhooks were queued in it. */
export function publishDecision(ctx: AppContext, decision: Decision | undefined): void {
  ctx.wake('outbox');
  if (decision === undefined) return;
  ctx.feed.publish(decision.verdict);
  ctx.wake('watches');
  if (decision.rollbackStarted) ctx.wake('rollbacks');
}
