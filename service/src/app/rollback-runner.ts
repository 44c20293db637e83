import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionResult, RollbackExecutor } from '../delivery/port.js';
import { deploymentTransitions } from '../domain/deployment-machine.js';
import type { Deployment } from '../domain/deployment.js';
import type { Rollback } from '../domain/rollback.js';
import { next } from '../domain/state-machine.js';
import type { Transaction } from '../store/port.js';
import { announce } from './announce.js';
import { audit, SYSTEM } from './audit-trail.js';
import { rollbackEvent } from './begin-rollback.js';
import type { AppContext } from './context.js';
import { openWatch } from './open-watch.js';

/** Attempts before a rollback counts as failed; the pauses between them double from the first. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;

export interface RollbackRunner {
  /** Takes up rollbacks that were asked for, those cut off by a restart too. */
  wake(): void;
  stop(): Promise<void>;
}

/** Carries accepted rollbacks out, each at most once at a time in this process, with the rollback's id as idempotency key. */
export function createRollbackRunner(
  ctx: AppContext,
  executors: ReadonlyMap<string, RollbackExecutor>,
): RollbackRunner {
  const working = new Map<string, Promise<void>>();
  const stop = new AbortController();
  const stopping = (): boolean => stop.signal.aborted;

  const takeUp = async (): Promise<void> => {
    for (const rollback of await ctx.store.rollbacksIn(['requested', 'executing'])) {
      if (working.has(rollback.id) || stopping()) continue;
      const work = carryOut(rollback)
        .catch((error: unknown) =>
          ctx.log.error(
            { rollbackId: rollback.id, err: error },
            'a rollback stopped unexpectedly; it is taken up again at the next wake',
          ),
        )
        .finally(() => working.delete(rollback.id));
      working.set(rollback.id, work);
    }
  };

  const carryOut = async (start: Rollback): Promise<void> => {
    let rollback = start;
    while (!stopping()) {
      const deployment = await ctx.store.deployment(rollback.deploymentId);
      if (deployment === undefined) return;
      rollback = await markExecuting(rollback);
      const result = await execute(rollback, deployment);
      if (stopping() && result.kind === 'failed') return;
      if (result.kind === 'executed') return succeed(rollback, result.detail);
      ctx.log.warn(
        { rollbackId: rollback.id, attempt: rollback.attempts, detail: result.detail },
        'a rollback attempt failed',
      );
      if (!result.retryable || rollback.attempts >= MAX_ATTEMPTS) return fail(rollback, result.detail);
      await sleep(FIRST_PAUSE_MS * 2 ** (rollback.attempts - 1), undefined, { signal: stop.signal }).catch(
        () => undefined,
      );
    }
  };

  const markExecuting = async (rollback: Rollback): Promise<Rollback> => {
    const executing: Rollback = {
      ...rollback,
      state: 'executing',
      attempts: rollback.attempts + 1,
      revision: rollback.revision + 1,
    };
    await ctx.store.transaction((tx) => tx.updateRollback(executing));
    return executing;
  };

  const execute = async (rollback: Rollback, deployment: Deployment): Promise<ExecutionResult> => {
    const executor = executors.get(rollback.executor);
    if (executor === undefined)
      return {
        kind: 'failed',
        detail: `the executor "${rollback.executor}" is no longer configured on this server`,
        retryable: false,
      };
    try {
      return await executor.execute({ rollback, deployment }, stop.signal);
    } catch (error) {
      return {
        kind: 'failed',
        detail: error instanceof Error ? error.message : String(error),
        retryable: true,
      };
    }
  };

  const succeed = async (rollback: Rollback, detail: string): Promise<void> => {
    await ctx.store.transaction(async (tx) => {
      const deployment = await tx.deployment(rollback.deploymentId);
      if (deployment === undefined) return;
      const recorded = await recordRollbackDeployment(ctx, tx, deployment, rollback);
      const done: Rollback = {
        ...rollback,
        state: 'executed',
        detail,
        rollbackDeploymentId: recorded.id,
        finishedAtMs: ctx.clock(),
        revision: rollback.revision + 1,
      };
      await tx.updateRollback(done);
      const after = await move(ctx, tx, deployment, 'rollback-done');
      await audit(ctx, tx, SYSTEM, 'rollback.executed', deployment, {
        rollbackId: rollback.id,
        detail,
        recordedAs: recorded.id,
      });
      await announce(ctx, tx, 'rollback.executed', after, rollbackEvent(after, done));
    });
    ctx.wake('watches');
    ctx.wake('outbox');
  };

  const fail = async (rollback: Rollback, detail: string): Promise<void> => {
    ctx.log.error(
      { rollbackId: rollback.id, deploymentId: rollback.deploymentId, detail },
      'a rollback failed: people must act',
    );
    await ctx.store.transaction(async (tx) => {
      const deployment = await tx.deployment(rollback.deploymentId);
      if (deployment === undefined) return;
      const failed: Rollback = {
        ...rollback,
        state: 'failed',
        detail,
        finishedAtMs: ctx.clock(),
        revision: rollback.revision + 1,
      };
      await tx.updateRollback(failed);
      const after = await move(ctx, tx, deployment, 'rollback-gave-up');
      await audit(ctx, tx, SYSTEM, 'rollback.failed', deployment, { rollbackId: rollback.id, detail });
      await announce(ctx, tx, 'rollback.failed', after, rollbackEvent(after, failed));
    });
    ctx.wake('outbox');
  };

  return {
    wake() {
      void takeUp().catch((error: unknown) => ctx.log.warn({ err: error }, 'rollbacks could not be read'));
    },
    async stop() {
      stop.abort();
      await Promise.all(working.values());
    },
  };
}

async function move(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  event: 'rollback-done' | 'rollback-gave-up',
): Promise<Deployment> {
  const state = next(deploymentTransitions, deployment.state, event);
  if (state === undefined) return deployment;
  const moved: Deployment = {
    ...deployment,
    state,
    finishedAtMs: deployment.finishedAtMs ?? ctx.clock(),
    revision: deployment.revision + 1,
  };
  await tx.updateDeployment(moved);
  return moved;
}

/** A rollback is a deployment: it is recorded as one and watched to prove that the metrics recovered. */
async function recordRollbackDeployment(
  ctx: AppContext,
  tx: Transaction,
  of: Deployment,
  rollback: Rollback,
): Promise<Deployment> {
  const nowMs = ctx.clock();
  const { previousVersion, finishedAtMs, migration, ...rest } = of;
  const recorded: Deployment = {
    ...rest,
    id: ctx.newId(),
    version: previousVersion ?? 'previous',
    previousVersion: of.version,
    strategy: 'all-at-once',
    plannedSteps: [{ name: 'rollback' }],
    rollbackOf: of.id,
    state: 'running',
    startedAtMs: nowMs,
    createdAtMs: nowMs,
    actor: rollback.actor,
    revision: 1,
  };
  await tx.insertDeployment(recorded);
  const step = { deploymentId: recorded.id, index: 0, name: 'rollback', startedAtMs: nowMs };
  await tx.insertStep(step);
  await openWatch(ctx, tx, recorded, step);
  await announce(ctx, tx, 'deployment.started', recorded, {
    deploymentId: recorded.id,
    service: recorded.service,
    version: recorded.version,
    rollbackOf: of.id,
  });
  return recorded;
}
