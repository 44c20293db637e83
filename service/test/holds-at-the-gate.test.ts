import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../src/api/policy.js';
import { giveUp } from '../src/app/evaluate/give-up.js';
import { lapseHolds } from '../src/app/evaluate/lapse-holds.js';
import { passGate } from '../src/app/evaluate/pass-gate.js';
import { presentVerdict } from '../src/app/present.js';
import type { HoldRequest } from '../src/app/use-cases.js';
import type { Activity } from '../src/app/verdict-feed.js';
import { ADMIN, createWorld, type World } from './world.js';

const LOOKS = 5;
const looks: Partial<PolicyInput> = { interval: '60s', watch: '5m', settle: '0s', history: '3d' };
const smoke = { name: 'smoke', kind: 'smoke-test', onFailure: 'inconclusive', timeout: '10m' } as const;
const closed = { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-closed' };
const open = { pending: 'fail-open', inconclusive: 'fail-open', outage: 'fail-open' } as const;

const worldWith = (policy: Partial<PolicyInput> = {}) =>
  createWorld({ policy: { ...looks, mode: 'recommend', ...policy } });
const latest = (world: World, id: string) => world.store.latestVerdict(id);
const hold = (world: World, id: string, change: Partial<HoldRequest> = {}) =>
  world.useCases.hold(ADMIN, id, { reason: 'wait', stopsRollback: false, ...change });
const proceed = (world: World, id: string) => world.useCases.proceed(ADMIN, id, { reason: 'go' });
const report = (world: World, id: string, state: 'running' | 'passed' | 'failed', summary?: string) =>
  world.useCases.reportCheck(ADMIN, id, {
    ...{ name: 'smoke', kind: 'smoke-test', state },
    ...(summary === undefined ? {} : { summary }),
  });

async function watchOf(world: World, id: string) {
  const [watch] = await world.store.watches({ deploymentId: id, state: 'watching' });
  if (watch === undefined) throw new Error('nothing is watched');
  return watch;
}

async function toTheEnd(world: World, id: string) {
  for (let look = 1; look < LOOKS; look++) await world.look(id, 'pending');
  await world.look(id, 'continue');
}

describe('giving up a watch', () => {
  it('is kept back by a hold as any other word, and given when it is lifted', async () => {
    const world = await worldWith();
    const { id } = await world.start();
    await hold(world, id);
    await giveUp(world.ctx, (await watchOf(world, id)).id, 'no answer');
    expect(await latest(world, id)).toMatchObject({
      value: 'pending',
      rule: 'held',
      withheld: { value: 'inconclusive', rule: 'not-enough-data' },
    });
    await proceed(world, id);
    expect(await latest(world, id)).toMatchObject({
      value: 'inconclusive',
      rule: 'not-enough-data',
      reasons: [{ code: 'could-not-judge', text: 'no answer' }],
    });
  });

  it('is no way out of the gate once every look was taken', async () => {
    const world = await worldWith({ requiredChecks: [smoke] });
    const { id } = await world.start();
    await toTheEnd(world, id);
    expect(await giveUp(world.ctx, (await watchOf(world, id)).id, 'the disk is full')).toBe('at-gate');
    await report(world, id, 'passed');
    expect(await latest(world, id)).toMatchObject({ value: 'continue' });
  });
});

describe('a rollback that only a hold kept back', () => {
  const harmed = async () => {
    const world = await worldWith({ mode: 'act' });
    const { id } = await world.start();
    await hold(world, id, { stopsRollback: true, untilMs: world.nowMs() + 120_000 });
    await world.look(id, 'rollback');
    expect(await latest(world, id)).toMatchObject({ brakes: [{ brake: 'hold' }] });
    return { world, id };
  };

  it('begins when the hold is lifted, replaced by one that lets it, or lapses', async () => {
    for (const end of [
      (world: World, id: string) => proceed(world, id),
      (world: World, id: string) => hold(world, id),
      (world: World) => {
        world.wait(60_000);
        return lapseHolds(world.ctx);
      },
    ]) {
      const { world, id } = await harmed();
      await end(world, id);
      expect(await latest(world, id)).toMatchObject({ value: 'rollback', brakes: [] });
      expect((await world.store.deployment(id))?.state).toBe('rolling-back');
      expect(await world.store.rollbacks(id)).toMatchObject([{ automatic: true }]);
    }
  });

  it('stays with people when another brake speaks by then', async () => {
    const { world, id } = await harmed();
    await hold(world, id, { stopsRollback: true });
    world.wait(3_600_000);
    await proceed(world, id);
    expect(await latest(world, id)).toMatchObject({ brakes: [{ brake: 'stale-evidence' }] });
    expect((await world.store.deployment(id))?.state).toBe('running');
  });
});

describe('consumers', () => {
  it('are told fail-closed in every case while a person or a required check bars the way', async () => {
    const world = await worldWith({ consumers: open, requiredChecks: [smoke] });
    const { id, ...deployment } = await world.start();
    const consumers = async () => {
      const verdict = await latest(world, id);
      if (verdict === undefined) throw new Error('no verdict');
      return presentVerdict(verdict, { id, ...deployment }).consumers;
    };
    await world.look(id, 'pending');
    expect(await consumers()).toEqual(open);
    await world.look(id, 'continue');
    expect(await consumers()).toEqual(closed);
    await hold(world, id);
    expect(await consumers()).toEqual(closed);
    await proceed(world, id);
    for (let look = 3; look <= LOOKS; look++) await world.look(id, 'continue');
    await report(world, id, 'failed');
    expect(await latest(world, id)).toMatchObject({ value: 'inconclusive', rule: 'check-failed' });
    expect(await consumers()).toEqual(closed);
  });
});

describe('the gate', () => {
  it('counts the timeout of a check from the last look when that was late', async () => {
    const world = await worldWith({ requiredChecks: [smoke] });
    const { id } = await world.start();
    world.wait(3_600_000);
    await toTheEnd(world, id);
    expect(await latest(world, id)).toMatchObject({ value: 'pending', rule: 'awaiting-checks' });
    world.wait(10 * 60_000 - 1);
    expect(await passGate(world.ctx, await watchOf(world, id))).toBe(world.nowMs() + 1);
    world.wait(1);
    expect(await passGate(world.ctx, await watchOf(world, id))).toBeUndefined();
    expect(await latest(world, id)).toMatchObject({ rule: 'checks-missing' });
  });

  it('says so when there is nothing to withhold any more', async () => {
    const world = await worldWith({ requiredChecks: [smoke] });
    const { id } = await world.start();
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ withheld: { value: 'continue' } });
    await world.look(id, 'pending');
    expect(await latest(world, id)).toMatchObject({ value: 'pending', rule: 'watching', sequence: 2 });
    expect((await latest(world, id))?.withheld).toBeUndefined();
  });

  it('writes no verdict for a report that leaves a check as it stood', async () => {
    const world = await worldWith({ requiredChecks: [smoke] });
    const { id } = await world.start();
    await report(world, id, 'running');
    await toTheEnd(world, id);
    const before = (await latest(world, id))?.sequence;
    await report(world, id, 'running', 'half done');
    expect((await latest(world, id))?.sequence).toBe(before);
    await report(world, id, 'passed');
    expect((await latest(world, id))?.checks).toMatchObject([{ standing: 'passed' }]);
  });
});

describe('a hold that lapses', () => {
  it('is told to listeners, and one that cannot be lifted keeps no other one', async () => {
    const world = await worldWith();
    const ids: string[] = [];
    for (const service of ['cart', 'search']) {
      const { id } = await world.start({ service });
      await hold(world, id, { untilMs: world.nowMs() + 1_000 + ids.length });
      ids.push(id);
    }
    world.wait(2_000);
    const heard: Activity[] = [];
    for (const id of ids) world.ctx.feed.listenActivity(id, (activity) => heard.push(activity));
    let failures = 1;
    const warned: unknown[] = [];
    await lapseHolds({
      ...world.ctx,
      log: { ...world.ctx.log, warn: (fields: object) => void warned.push(fields) },
      store: new Proxy(world.store, {
        get: (store, key) =>
          key === 'transaction' && failures-- > 0
            ? () => Promise.reject(new Error('locked'))
            : (Reflect.get(store, key) as unknown),
      }),
    });
    expect(warned).toMatchObject([{ deploymentId: ids[0] }]);
    expect(heard).toMatchObject([
      { deploymentId: ids[1], type: 'deployment.proceeded', data: { lapsed: true, reason: 'wait' } },
    ]);
    await lapseHolds(world.ctx);
    expect(heard.map(({ deploymentId }) => deploymentId)).toEqual([ids[1], ids[0]]);
  });
});
