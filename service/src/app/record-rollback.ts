import type { Deployment, Step } from '../domain/deployment.js';
import type { Rollback } from '../domain/rollback.js';
import type { Transaction } from '../store/port.js';
import { announce } from './announce.js';
import type { AppContext } from './context.js';
import { openWatch } from './open-watch.js';
import { deploymentEvent } from './start-deployment.js';

/**
 * A rollback is a deployment: it is recorded as one and watched to prove that the metrics recovered. It is finished from the start,
 * because nobody will ever report its end. What described the bad release (commit, ticket, links, migration) stays with that release.
 */
export async function recordRollback(
  ctx: AppContext,
  tx: Transaction,
  of: Deployment,
  rollback: Rollback,
): Promise<Deployment> {
  const nowMs = ctx.clock();
  const { previousVersion, migration, ...rest } = of;
  const recorded: Deployment = {
    ...rest,
    id: ctx.newId(),
    version: previousVersion ?? 'previous',
    previousVersion: of.version,
    strategy: 'all-at-once',
    change: { kind: of.change.kind, summary: `rolls back ${of.id}` },
    links: [],
    plannedSteps: [{ name: 'rollback' }],
    rollbackOf: of.id,
    // It has one step, whatever the release had, and spends all of α on it.
    policy: { ...of.policy, spending: 'equal' },
    state: 'finished',
    startedAtMs: nowMs,
    finishedAtMs: nowMs,
    createdAtMs: nowMs,
    actor: rollback.actor,
    revision: 1,
  };
  await tx.insertDeployment(recorded);
  const step: Step = {
    deploymentId: recorded.id,
    index: 0,
    name: 'rollback',
    startedAtMs: nowMs,
    endedAtMs: nowMs,
  };
  await tx.insertStep(step);
  await openWatch(ctx, tx, recorded, step);
  await announce(ctx, tx, 'deployment.started', recorded, {
    ...deploymentEvent(recorded),
    rollbackOf: of.id,
  });
  return recorded;
}
