import { describe, expect, it } from 'vitest';
import { BUSY, ended, harmed, runnerOver, told } from './rollback-scene.js';
import { ADMIN, createWorld, type World } from './world.js';

describe('an automatic rollback that was requested', () => {
  const switches: Record<string, (world: World) => Promise<unknown>> = {
    'the kill switch of its project': (world) =>
      world.store.transaction((tx) =>
        tx.setControls('default', { killSwitch: true, killSwitchReason: 'drill' }),
      ),
    'the kill switch of all projects': (world) =>
      world.store.transaction((tx) => tx.setControls('*', { killSwitch: true, killSwitchReason: 'drill' })),
    'a freeze': (world) =>
      world.store.transaction((tx) =>
        tx.setControls('default', { killSwitch: false, freezeUntilMs: world.nowMs() + 1_000 }),
      ),
    'its age after an outage': (world) => Promise.resolve(world.wait(600_001)),
    'a newer deployment': async (world) => {
      const [bad] = (await world.store.deployments({ project: 'default', limit: 1 })).items;
      if (bad === undefined) throw new Error('nothing was deployed');
      const startedAtMs = world.wait(1_000);
      await world.store.transaction((tx) =>
        tx.insertDeployment({
          ...bad,
          id: 'newer',
          version: 'v3',
          state: 'running',
          startedAtMs,
          revision: 1,
        }),
      );
    },
  };
  it.each(Object.entries(switches))('is refused because of %s, and says so', async (_why, act) => {
    const world = await createWorld({ endpoints: [{ name: 'all', events: ['rollback.failed'] }] });
    const id = await harmed(world);
    await act(world);
    const { orders, executor } = told();
    const runner = runnerOver(world, executor);
    runner.wake();
    const rollback = await ended(world, id);
    await runner.stop();
    expect(orders).toEqual([]);
    expect(rollback).toMatchObject({ state: 'refused', attempts: 0 });
    expect(rollback.detail).toMatch(/drill|frozen until|requested 10 minutes ago|newer \(v3\)/);
    expect((await world.store.deployment(id))?.state).toBe('rollback-failed');
    expect((await world.store.audit({ deploymentId: id, limit: 50 })).map((a) => a.action)).toContain(
      'rollback.refused',
    );
    const [message] = await world.store.outbox({ limit: 10 });
    expect(message?.type).toBe('rollback.failed');
    expect(message?.body).toContain('"state":"refused"');
  });

  it('is refused between two attempts too', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    const { orders, executor } = told(async () => {
      await world.useCases.setControls(ADMIN, 'default', { killSwitch: true });
      return BUSY;
    });
    const runner = runnerOver(world, executor);
    runner.wake();
    expect(await ended(world, id)).toMatchObject({ state: 'refused', attempts: 1 });
    expect((await ended(world, id)).detail).toContain('tried 1 × before');
    expect(orders).toHaveLength(1);
    await runner.stop();
  });

  it('is not held back when the switch of another project is on', async () => {
    const world = await createWorld();
    const id = await harmed(world);
    await world.store.transaction((tx) => tx.setControls('other', { killSwitch: true }));
    const runner = runnerOver(world, told().executor);
    runner.wake();
    expect((await ended(world, id)).state).toBe('executed');
    await runner.stop();
  });
});

describe('a rollback that a person asked for', () => {
  it('is carried out whatever the switches say and however late', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    await world.useCases.setControls(ADMIN, 'default', { killSwitch: true, freezeUntilMs: 9e15 });
    await world.useCases.requestRollback(ADMIN, id, { dryRun: false, reason: 'checkout is slow' });
    world.wait(3_600_000);
    const runner = runnerOver(world, told().executor);
    runner.wake();
    expect((await ended(world, id)).state).toBe('executed');
    await runner.stop();
  });
});

describe('the deployment that records a rollback', () => {
  it('is finished, says what it rolls back, and carries nothing that described the bad release', async () => {
    const world = await createWorld({
      endpoints: [{ name: 'all', events: ['deployment.started'] }],
      policy: { spending: [0.25, 0.75] },
    });
    const { id } = await world.start({
      change: { kind: 'config', commit: 'abc', ticket: 'SHOP-1', summary: 'new limits' },
      labels: { team: 'checkout' },
      links: [{ title: 'run', url: 'https://ci.example/1' }],
      plannedSteps: [{ name: 'half' }, { name: 'all' }],
    });
    await world.look(id, 'rollback');
    const runner = runnerOver(world, told().executor);
    runner.wake();
    const rollback = await ended(world, id);
    await runner.stop();
    const recordedId = rollback.rollbackDeploymentId ?? '';
    const recorded = await world.store.deployment(recordedId);
    expect(recorded).toMatchObject({
      version: 'v1',
      previousVersion: 'v2',
      rollbackOf: id,
      state: 'finished',
      startedAtMs: world.nowMs(),
      finishedAtMs: world.nowMs(),
      labels: { team: 'checkout' },
      links: [],
    });
    expect(recorded?.change).toEqual({ kind: 'config', summary: `rolls back ${id}` });
    const [watch] = await world.store.watches({ deploymentId: recordedId });
    expect(watch).toMatchObject({ kind: 'recovery', state: 'watching', alpha: recorded?.policy.alpha });
    const [started] = await world.store.outbox({ limit: 10 });
    expect(JSON.parse(started?.body ?? '')).toMatchObject({
      type: 'deployment.started',
      data: { deploymentId: recordedId, project: 'default', strategy: 'all-at-once', rollbackOf: id },
    });
  });
});
