import { createRollbackRunner, type RollbackPace } from '../src/app/rollback-runner.js';
import type { ExecutionResult, RollbackExecutor, RollbackOrder } from '../src/delivery/port.js';
import type { Store } from '../src/store/port.js';
import { eventually } from './eventually.js';
import type { World } from './world.js';

export const DONE: ExecutionResult = { kind: 'executed', detail: 'done' };
/** Worth another attempt. */
export const BUSY: ExecutionResult = { kind: 'failed', detail: 'HTTP 503', retryable: true };
/** Final. */
export const WRONG: ExecutionResult = { kind: 'failed', detail: 'no such revision', retryable: false };
const QUICK: RollbackPace = { firstPauseMs: 1, stopLimitMs: 100 };

type Answer = (call: number, signal: AbortSignal) => ExecutionResult | Promise<ExecutionResult>;

/** An executor that answers as told and remembers what it was asked. */
export function told(answer: Answer = () => DONE) {
  const orders: RollbackOrder[] = [];
  const executor: RollbackExecutor = {
    name: 'shop',
    execute: async (order, signal) => {
      orders.push(order);
      return answer(orders.length, signal);
    },
  };
  return { orders, executor };
}

export function runnerOver(world: World, executor: RollbackExecutor, store: Store = world.store) {
  return createRollbackRunner({ ...world.ctx, store }, new Map([['shop', executor]]), QUICK);
}

/** A release of a world whose automatic rollback has been requested. */
export async function harmed(world: World): Promise<string> {
  const { id } = await world.start({
    change: { kind: 'config', commit: 'abc', ticket: 'SHOP-1', summary: 'new limits' },
    labels: { team: 'checkout' },
    links: [{ title: 'run', url: 'https://ci.example/1' }],
  });
  await world.look(id, 'rollback');
  return id;
}

export const stateOf = async (world: World, id: string) => (await world.store.rollbacks(id))[0]?.state;
export const ended = (world: World, id: string) =>
  eventually('the end of the rollback', async () => {
    const [rollback] = await world.store.rollbacks(id);
    return rollback?.finishedAtMs === undefined ? undefined : rollback;
  });
