import { describe, expect, it } from 'vitest';
import { createWatchScheduler } from '../src/app/evaluate/watch-scheduler.js';
import type { Engine } from '../src/engine/port.js';
import { eventually } from './eventually.js';
import { ADMIN, assessment, createWorld, type World } from './world.js';

const LOOKS = 5;
const telemetry = { looked: () => undefined, failed: () => undefined };

/** A scheduler over a world whose looks are all due, with a science that continues at the last one. */
async function scheduled(timeout: string) {
  const required = { name: 'smoke', onFailure: 'rollback', timeout } as const;
  const world = await createWorld({
    policy: { interval: '200ms', watch: '1s', settle: '0s', mode: 'recommend', requiredChecks: [required] },
  });
  const engine: Engine = {
    ...world.ctx.engine,
    assess: (_id, _live, look) => Promise.resolve(assessment(look < LOOKS ? 'pending' : 'continue', look)),
  };
  const { id } = await world.start();
  world.wait(2_000);
  const make = () => createWatchScheduler({ ...world.ctx, engine }, telemetry, { refreshEveryMs: 20 });
  return { world, id, make };
}

const verdictOf = (world: World, id: string, rule: string) =>
  eventually(`the rule ${rule}`, async () => {
    const verdict = await world.store.latestVerdict(id);
    return verdict?.rule === rule ? verdict : undefined;
  });
const watching = (world: World, id: string) => world.store.watches({ deploymentId: id, state: 'watching' });

describe('the watch scheduler at the gate', () => {
  it('waits after the last look, over a restart, and lets a check that comes decide', async () => {
    const { world, id, make } = await scheduled('1h');
    const first = make();
    await first.start();
    expect(await verdictOf(world, id, 'awaiting-checks')).toMatchObject({ value: 'pending', look: LOOKS });
    await first.stop();
    const second = make();
    await second.start();
    expect(await watching(world, id)).toHaveLength(1);
    await world.useCases.reportCheck(ADMIN, id, { name: 'smoke', kind: 'custom', state: 'passed' });
    expect(await verdictOf(world, id, 'bounded-harm')).toMatchObject({ value: 'continue', look: LOOKS });
    await second.stop();
    expect(await watching(world, id)).toEqual([]);
    const [watch] = await world.store.watches({ deploymentId: id });
    expect((await world.store.ticks(watch?.id ?? '')).map((tick) => tick.look)).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives up on a check whose timeout was over while the service was away', async () => {
    const { world, id, make } = await scheduled('10m');
    const first = make();
    await first.start();
    await verdictOf(world, id, 'awaiting-checks');
    await first.stop();
    world.wait(3_600_000);
    const second = make();
    await second.start();
    expect(await verdictOf(world, id, 'checks-missing')).toMatchObject({ value: 'inconclusive' });
    await second.stop();
    expect(await watching(world, id)).toEqual([]);
  });

  it('sweeps away a hold whose end has come, and what it kept back is given', async () => {
    const { world, id, make } = await scheduled('0s');
    await world.useCases.reportCheck(ADMIN, id, { name: 'smoke', kind: 'custom', state: 'passed' });
    const untilMs = world.nowMs() + 60_000;
    await world.useCases.hold(ADMIN, id, { reason: 'r', untilMs, stopsRollback: false });
    const scheduler = make();
    await scheduler.start();
    await eventually('the last look', async () =>
      (await watching(world, id))[0]?.lastLook === LOOKS ? true : undefined,
    );
    expect(await verdictOf(world, id, 'held')).toMatchObject({ value: 'pending' });
    world.wait(60_000);
    expect(await verdictOf(world, id, 'bounded-harm')).toMatchObject({ value: 'continue' });
    await scheduler.stop();
    expect(await world.store.hold(id)).toBeUndefined();
  });
});
