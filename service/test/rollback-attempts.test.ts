import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { StoreError, type Store } from '../src/store/port.js';
import { eventually } from './eventually.js';
import { BUSY, DONE, ended, harmed, runnerOver, stateOf, told, WRONG } from './rollback-scene.js';
import { createWorld } from './world.js';

/** A signal that a test opens by hand. */
function gate() {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), passed };
}

describe('attempts', () => {
  it('end after the fifth failure', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    const { orders, executor } = told(() => BUSY);
    const runner = runnerOver(world, executor);
    runner.wake();
    expect(await ended(world, id)).toMatchObject({ state: 'failed', attempts: 5, detail: 'HTTP 503' });
    expect(new Set(orders.map((o) => o.rollback.id)).size).toBe(1);
    expect(orders).toHaveLength(5);
    expect((await world.store.deployment(id))?.state).toBe('rollback-failed');
    await runner.stop();
  });

  it('end at once when another cannot help', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    const { orders, executor } = told(() => WRONG);
    const runner = runnerOver(world, executor);
    runner.wake();
    expect(await ended(world, id)).toMatchObject({ state: 'failed', attempts: 1 });
    expect(orders).toHaveLength(1);
    await runner.stop();
  });

  it('are made again after a crash in the midst of one, under the same id', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    const hanging = told(() => new Promise(() => undefined));
    runnerOver(world, hanging.executor).wake();
    await eventually('the attempt that the crash cuts off', () => hanging.orders[0]);
    expect(await stateOf(world, id)).toBe('executing');

    const { orders, executor } = told();
    const next = runnerOver(world, executor);
    next.wake();
    expect(await ended(world, id)).toMatchObject({ state: 'executed', attempts: 2 });
    expect(orders[0]?.rollback.id).toBe(hanging.orders[0]?.rollback.id);
    await next.stop();
  });

  it('are not repeated when only the store failed to take the result', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    let broken = false;
    const store: Store = {
      ...world.store,
      rollbacksIn: (states) => world.store.rollbacksIn(states),
      transaction: (work) =>
        broken ? Promise.reject(new StoreError('disk-full', 'no room', true)) : world.store.transaction(work),
    };
    const { orders, executor } = told(() => {
      broken = true;
      return WRONG;
    });
    const runner = runnerOver(world, executor, store);
    runner.wake();
    await eventually('the attempt', () => orders[0]);
    await sleep(50);
    broken = false;
    await eventually('the end of the rollback', async () => {
      runner.wake();
      return (await stateOf(world, id)) === 'executing' ? undefined : true;
    });
    expect(await ended(world, id)).toMatchObject({ state: 'failed', attempts: 1 });
    expect(orders).toHaveLength(1);
    await runner.stop();
  });
});

describe('stopping', () => {
  it('lets an execution in flight end and writes down what came of it', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    const going = gate();
    const { orders, executor } = told(async (_call, signal) => {
      await going.passed;
      return signal.aborted ? WRONG : DONE;
    });
    const runner = runnerOver(world, executor);
    runner.wake();
    await eventually('the attempt', () => orders[0]);
    const stopped = runner.stop();
    going.open();
    await stopped;
    expect(await stateOf(world, id)).toBe('executed');
  });

  it('writes a final failure down, so that no later process runs it again', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    const going = gate();
    const first = told(() => going.passed.then(() => WRONG));
    const runner = runnerOver(world, first.executor);
    runner.wake();
    await eventually('the attempt', () => first.orders[0]);
    const stopped = runner.stop();
    going.open();
    await stopped;
    expect(await stateOf(world, id)).toBe('failed');
    const later = told();
    const next = runnerOver(world, later.executor);
    next.wake();
    await sleep(50);
    await next.stop();
    expect(later.orders).toEqual([]);
  });

  it('cuts off what takes too long, and leaves it to the next process where that is safe', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    const { orders, executor } = told(
      (_call, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(BUSY), { once: true })),
    );
    const runner = runnerOver(world, executor);
    runner.wake();
    await eventually('the attempt', () => orders[0]);
    await runner.stop();
    expect(await stateOf(world, id)).toBe('executing');
    const next = runnerOver(world, told().executor);
    next.wake();
    expect(await ended(world, id)).toMatchObject({ state: 'executed', attempts: 2 });
    await next.stop();
  });

  it('takes up nothing new', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    const { orders, executor } = told();
    const runner = runnerOver(world, executor);
    await runner.stop();
    runner.wake();
    await sleep(50);
    expect(orders).toEqual([]);
    expect(await stateOf(world, id)).toBe('requested');
  });
});
