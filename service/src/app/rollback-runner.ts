import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionResult, RollbackExecutor, RollbackOrder } from '../delivery/port.js';
import { rollbackTransitions } from '../domain/rollback-machine.js';
import type { Rollback } from '../domain/rollback.js';
import { next } from '../domain/state-machine.js';
import type { Transaction } from '../store/port.js';
import type { AppContext } from './context.js';
import { endRollback, type RollbackEnd } from './end-rollback.js';
import { whyHeldBack } from './hold-back-rollback.js';

/** Attempts before a rollback counts as failed; the pauses between them double from the first. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;
/** On stop an execution in flight may still take this long to end by itself; most do, and one cut off leaves people guessing. */
const STOP_LIMIT_MS = 30_000;
/** Time to wind up after being cut off: more than the grace between SIGTERM and SIGKILL that command executors give. */
const CUT_OFF_LIMIT_MS = 10_000;

export interface RollbackRunner {
  /** Takes up rollbacks that were asked for, those cut off by a restart too. */
  wake(): void;
  /** Takes up nothing more and lets executions in flight end, for a bounded time. */
  stop(): Promise<void>;
}

/** Told of every rollback that came to its end; `durationMs` since it was asked for. */
export type OnRollbackEnd = (
  rollback: Rollback,
  outcome: 'executed' | 'failed' | 'refused',
  durationMs: number,
) => void;

export interface RollbackPace {
  readonly firstPauseMs?: number;
  readonly stopLimitMs?: number;
  readonly onEnd?: OnRollbackEnd;
}

/**
 * Carries accepted rollbacks out, each at most once at a time in this process, with the rollback's id as idempotency key. The store
 * knows of every attempt before it begins, so one that a crash cut off is taken up again; a result that is final is never tried again.
 */
export function createRollbackRunner(
  ctx: AppContext,
  executors: ReadonlyMap<string, RollbackExecutor>,
  { firstPauseMs = FIRST_PAUSE_MS, stopLimitMs = STOP_LIMIT_MS, onEnd }: RollbackPace = {},
): RollbackRunner {
  const working = new Map<string, Promise<void>>();
  /** Results that the store did not take yet: they are written at the next wake, not executed again. */
  const unrecorded = new Map<string, RollbackEnd>();
  const stop = new AbortController();
  const cutOff = new AbortController();
  const stopping = (): boolean => stop.signal.aborted;

  const takeUp = async (): Promise<void> => {
    for (const rollback of await ctx.store.rollbacksIn(['requested', 'executing'])) {
      if (working.has(rollback.id) || stopping()) continue;
      const work = carryOut(rollback)
        .catch((error: unknown) =>
          ctx.log.error(
            { rollbackId: rollback.id, deploymentId: rollback.deploymentId, err: error },
            'a rollback stopped unexpectedly; it is taken up again at the next wake',
          ),
        )
        .finally(() => working.delete(rollback.id));
      working.set(rollback.id, work);
    }
  };

  const carryOut = async (rollback: Rollback): Promise<void> => {
    while (!stopping()) {
      const end = unrecorded.get(rollback.id) ?? (await attempt(rollback));
      if (end === 'later') continue;
      if (end !== 'over') await finish(rollback, end);
      return;
    }
  };

  /** @returns how it ended; `later` when it is to be tried again; `over` when nothing is left to do */
  const attempt = async (rollback: Rollback): Promise<RollbackEnd | 'later' | 'over'> => {
    const order = await ctx.store.transaction((tx) => begin(tx, rollback));
    if (order === undefined || order === 'refused') {
      if (order === 'refused') onEnd?.(rollback, 'refused', ctx.clock() - rollback.requestedAtMs);
      ctx.wake('outbox');
      return 'over';
    }
    const { attempts } = order.rollback;
    const result = await execute(order);
    if (result.kind === 'executed') return { event: 'succeed', detail: result.detail };
    ctx.log.warn(
      {
        rollbackId: rollback.id,
        deploymentId: rollback.deploymentId,
        attempts,
        detail: result.detail,
      },
      'a rollback attempt failed',
    );
    if (!result.retryable || attempts >= MAX_ATTEMPTS) return { event: 'fail', detail: result.detail };
    await pause(firstPauseMs * 2 ** (attempts - 1), stop.signal);
    return 'later';
  };

  /** Looks at the rollback as it is now: held back, it ends here; otherwise the attempt is written down before it is made. */
  const begin = async (
    tx: Transaction,
    { id, deploymentId }: Rollback,
  ): Promise<RollbackOrder | 'refused' | undefined> => {
    const deployment = await tx.deployment(deploymentId);
    const rollback = (await tx.rollbacks(deploymentId)).find((r) => r.id === id);
    const state = rollback && next(rollbackTransitions, rollback.state, 'start');
    if (rollback === undefined || deployment === undefined || state === undefined) return undefined;
    const reason = await whyHeldBack(tx, rollback, deployment, ctx.clock());
    if (reason !== undefined) {
      ctx.log.warn({ rollbackId: id, deploymentId, reason }, 'a rollback was held back: people must decide');
      const tried = rollback.attempts === 0 ? '' : ` (it had been tried ${rollback.attempts} × before)`;
      await endRollback(ctx, tx, { rollback, deployment }, { event: 'refuse', detail: reason + tried });
      return 'refused';
    }
    const attempts = rollback.attempts + 1;
    const executing: Rollback = { ...rollback, state, attempts, revision: rollback.revision + 1 };
    await tx.updateRollback(executing);
    return { rollback: executing, deployment };
  };

  const execute = async (order: RollbackOrder): Promise<ExecutionResult> => {
    const executor = executors.get(order.rollback.executor);
    if (executor === undefined)
      return {
        kind: 'failed',
        detail: `the executor "${order.rollback.executor}" is no longer configured on this server`,
        retryable: false,
      };
    try {
      return await executor.execute(order, cutOff.signal);
    } catch (error) {
      return {
        kind: 'failed',
        detail: error instanceof Error ? error.message : String(error),
        retryable: true,
      };
    }
  };

  const finish = async (asked: Rollback, end: RollbackEnd): Promise<void> => {
    const { id, deploymentId } = asked;
    unrecorded.set(id, end);
    if (end.event === 'fail')
      ctx.log.error(
        { rollbackId: id, deploymentId, detail: end.detail },
        'a rollback failed: people must act',
      );
    await ctx.store.transaction(async (tx) => {
      const deployment = await tx.deployment(deploymentId);
      const rollback = (await tx.rollbacks(deploymentId)).find((r) => r.id === id);
      if (rollback === undefined || deployment === undefined) return;
      await endRollback(ctx, tx, { rollback, deployment }, end);
    });
    unrecorded.delete(id);
    const outcome = end.event === 'succeed' ? 'executed' : 'failed';
    onEnd?.(asked, outcome, ctx.clock() - asked.requestedAtMs);
    ctx.wake('watches');
    ctx.wake('outbox');
  };

  return {
    wake() {
      if (stopping()) return;
      void takeUp().catch((error: unknown) => ctx.log.warn({ err: error }, 'rollbacks could not be read'));
    },
    async stop() {
      stop.abort();
      if (await settled(working.values(), stopLimitMs)) return;
      ctx.log.warn({ rollbackIds: [...working.keys()] }, 'rollbacks in flight are cut off by the stop');
      cutOff.abort();
      await settled(working.values(), CUT_OFF_LIMIT_MS);
    },
  };
}

/** Sleeps, or less when the signal comes. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** Whether all of it settles in time; none of it may reject. */
async function settled(work: Iterable<Promise<void>>, limitMs: number): Promise<boolean> {
  const limit = new AbortController();
  const all = Promise.all(work).then(() => true);
  const late = sleep(limitMs, false, { signal: limit.signal }).catch(() => false);
  return Promise.race([all, late]).finally(() => limit.abort());
}
