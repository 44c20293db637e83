import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createWatchScheduler } from '../src/app/evaluate/watch-scheduler.js';
import { StoreError, type Store } from '../src/store/port.js';
import { eventually } from './eventually.js';
import { createWorld, type World } from './world.js';

const DAY_MS = 86_400_000;
const telemetry = { looked: () => undefined, failed: () => undefined };

/** A scheduler over a world with one watch, that counts what is calibrated. */
async function scheduled(change: (world: World) => { readonly store?: Store } = () => ({})) {
  const world = await createWorld({ policy: { mode: 'recommend' } });
  const { id } = await world.start();
  const calibrated: string[] = [];
  const engine = {
    ...world.ctx.engine,
    calibrate: (...[watchId, snapshot]: Parameters<typeof world.ctx.engine.calibrate>) => {
      calibrated.push(watchId);
      return world.ctx.engine.calibrate(watchId, snapshot);
    },
  };
  const scheduler = createWatchScheduler({ ...world.ctx, engine, ...change(world) }, telemetry, {
    refreshEveryMs: 20,
  });
  return { world, id, scheduler, calibrated };
}

describe('the watch scheduler under races', () => {
  it('opens a watch once, however often it is started and woken at the same time', async () => {
    const { world, scheduler, calibrated } = await scheduled();
    world.wait(700);
    const starting = scheduler.start();
    scheduler.wake();
    scheduler.wake();
    await Promise.all([starting, scheduler.start()]);
    await eventually('the calibration', () => calibrated[0]);
    await sleep(100);
    await scheduler.stop();
    expect(calibrated).toHaveLength(1);
  });

  it('finds a watch again after a read that failed, without being woken', async () => {
    let reads = 0;
    const { world, scheduler, calibrated } = await scheduled(({ store }) => ({
      store: {
        deployment: (deploymentId) => store.deployment(deploymentId),
        steps: (deploymentId) => store.steps(deploymentId),
        deployments: (query) => store.deployments(query),
        transaction: (work) => store.transaction(work),
        watches: (filter) => {
          reads += 1;
          return reads === 1
            ? Promise.reject(new StoreError('unavailable', 'the disk is slow', true))
            : store.watches(filter);
        },
      } satisfies Partial<Store> as unknown as Store,
    }));
    world.wait(700);
    await scheduler.start();
    expect(calibrated).toEqual([]);
    await eventually('the calibration', () => calibrated[0]);
    await scheduler.stop();
  });

  it('takes no look early when the clock is set back while it sleeps', async () => {
    const { world, scheduler, calibrated } = await scheduled();
    await scheduler.start();
    world.wait(-60_000);
    await sleep(1_000);
    expect(calibrated).toEqual([]);
    await scheduler.stop();
  });

  it('sleeps through times that no timer can hold', async () => {
    const { world, scheduler, calibrated } = await scheduled();
    world.wait(-40 * DAY_MS);
    await scheduler.start();
    await sleep(200);
    expect(calibrated).toEqual([]);
    await scheduler.stop();
  });

  it('closes a watch that was ended from outside, and opens nothing after it was stopped', async () => {
    const { world, id, scheduler, calibrated } = await scheduled();
    await scheduler.start();
    const [watch] = await world.store.watches({ deploymentId: id });
    if (watch === undefined) throw new Error('nothing is watched');
    await world.store.transaction((tx) =>
      tx.updateWatch({ ...watch, state: 'cancelled', revision: watch.revision + 1 }),
    );
    await sleep(600);
    await scheduler.stop();
    await world.start({ service: 'checkout' });
    world.wait(5_000);
    scheduler.wake();
    await sleep(100);
    expect(calibrated).toEqual([]);
  });
});
