import type { GuardedFetch } from '../guarded-fetch.js';
import type { ExecutionResult, RollbackExecutor } from '../port.js';
import { createCommandExecutor } from './command-executor.js';
import type { ExecutorConfig } from './config.js';
import { createHttpExecutor } from './http-executor.js';

export interface ExecutorDependencies {
  readonly guardedFetch: GuardedFetch;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** For telemetry. */
  readonly onExecution?: (execution: {
    readonly executor: string;
    readonly rollbackId: string;
    readonly result: ExecutionResult;
    readonly durationMs: number;
  }) => void;
}

/**
 * The executor that a configuration describes.
 *
 * Two calls for the same rollback at the same time share one execution, so that a double request cannot act twice.
 *
 * @throws Error or BadSecretError naming the executor and the field
 */
export function createExecutor(config: ExecutorConfig, dependencies: ExecutorDependencies): RollbackExecutor {
  const { clock, guardedFetch, onExecution } = dependencies;
  const inner =
    config.kind === 'http' ? createHttpExecutor(config, guardedFetch, clock) : createCommandExecutor(config);
  const running = new Map<string, Promise<ExecutionResult>>();

  const timed: RollbackExecutor['execute'] = async (order, signal) => {
    const startedAtMs = clock();
    const result = await inner.execute(order, signal);
    onExecution?.({
      executor: inner.name,
      rollbackId: order.rollback.id,
      result,
      durationMs: clock() - startedAtMs,
    });
    return result;
  };

  return {
    name: inner.name,
    execute: (order, signal) => {
      const { id } = order.rollback;
      const current = running.get(id);
      if (current) return current;
      const execution = timed(order, signal).finally(() => running.delete(id));
      running.set(id, execution);
      return execution;
    },
  };
}
