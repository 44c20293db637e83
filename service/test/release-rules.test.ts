import { describe, expect, it } from 'vitest';
import { baselineOf } from '../src/app/evaluate/baseline.js';
import { ADMIN, createWorld, type World } from './world.js';

const valueOf = async (world: World, id: string) => (await world.store.latestVerdict(id))?.value;
const brakesOf = async (world: World, id: string) =>
  (await world.store.latestVerdict(id))?.brakes.map((b) => b.brake);

describe('steps', () => {
  const steps = {
    strategy: 'canary' as const,
    plannedSteps: [{ name: '5 %', trafficShare: 0.05 }, { name: 'all' }],
  };
  const begin = async (world: World, id: string) => {
    world.wait(1_000);
    return world.useCases.beginStep(ADMIN, id, {});
  };

  it.each(['continue', 'pending', 'inconclusive'] as const)(
    'make the release pending again after %s',
    async (value) => {
      const world = await createWorld();
      const { id } = await world.start(steps);
      await world.look(id, value);
      await begin(world, id);
      const verdict = await world.useCases.currentVerdict(ADMIN, id);
      expect(verdict).toMatchObject({ value: 'pending', stepIndex: 1, reasons: [{ code: 'next-step' }] });
      await world.look(id, 'continue');
      expect(await world.store.latestVerdict(id)).toMatchObject({ value: 'continue', stepIndex: 1 });
    },
  );

  it('do not begin after rollback, which latches until somebody overrides it', async () => {
    const world = await createWorld({ policy: { mode: 'recommend' } });
    const { id } = await world.start(steps);
    await world.look(id, 'rollback');
    await expect(begin(world, id)).rejects.toMatchObject({
      code: 'conflict',
      info: { remedy: expect.stringContaining('override') as string },
    });
    expect(await valueOf(world, id)).toBe('rollback');
    await world.useCases.overrideContinue(ADMIN, id, { reason: 'known' });
    await begin(world, id);
    expect(await valueOf(world, id)).toBe('pending');
  });
});

describe('the untouched past', () => {
  const baseline = async (world: World, id: string) => {
    const deployment = await world.store.deployment(id);
    if (deployment === undefined) throw new Error('it was started');
    const { baselineEndMs, excludedMs } = await baselineOf(world.store, deployment);
    return excludedMs.map((range) => range.map((ms) => (ms - baselineEndMs) / 1_000));
  };

  it('leaves out one watch after each deployment, not all the time until the next one', async () => {
    const world = await createWorld();
    await world.start();
    world.wait(60_000);
    const { id } = await world.start({ version: 'v3', previousVersion: 'v2' });
    expect(await baseline(world, id)).toEqual([[-60, -54]]);
  });

  it('leaves out a release that was judged harmful and left to run', async () => {
    const world = await createWorld({ policy: { mode: 'recommend' } });
    const bad = await world.start();
    await world.look(bad.id, 'rollback');
    world.wait(60_000 - (world.nowMs() - bad.startedAtMs));
    const { id } = await world.start({ version: 'v3', previousVersion: 'v2' });
    expect(await baseline(world, id)).toEqual([[-60, 0]]);
  });

  it('leaves out a rollout that began before the history and reached into it', async () => {
    const world = await createWorld();
    const slow = await world.start();
    world.wait(100_000);
    await world.useCases.finishDeployment(ADMIN, slow.id);
    world.wait(10_000);
    const { id } = await world.start({ version: 'v3', previousVersion: 'v2' });
    expect(await baseline(world, id)).toEqual([[-110, -10]]);
  });
});

describe('old and new', () => {
  it('does not let an older start supersede what runs', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    const backdated = world.start({ version: 'v0', startedAtMs: world.nowMs() - 86_400_000 });
    await expect(backdated).rejects.toMatchObject({ code: 'conflict', info: { field: '/startedAt' } });
    expect((await world.store.deployment(id))?.state).toBe('running');
  });

  it('says on record when nobody looked to the end of a tail', async () => {
    const world = await createWorld({ policy: { watch: '1s' } });
    const { id } = await world.start();
    await world.look(id, 'continue');
    for (let i = 0; i < 3; i++) await world.look(id, 'pending');
    await world.look(id, 'inconclusive');
    expect(await valueOf(world, id)).toBe('continue');
    const actions = (await world.store.audit({ deploymentId: id, limit: 50 })).map((a) => a.action);
    expect(actions).toContain('tail.not-judged');
  });

  it('does not act on evidence that is stale', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    world.wait(3_600_000);
    await world.look(id, 'rollback');
    expect(await brakesOf(world, id)).toEqual(['stale-evidence']);
  });

  it('does not roll back under a newer deployment', async () => {
    const world = await createWorld();
    const older = await world.start();
    const deployment = await world.store.deployment(older.id);
    await world.store.transaction(async (tx) => {
      if (deployment)
        await tx.updateDeployment({
          ...deployment,
          state: 'rollback-failed',
          revision: deployment.revision + 1,
        });
    });
    world.wait(1_000);
    await world.start({ version: 'v3', previousVersion: 'v2' });
    expect((await world.store.deployment(older.id))?.state).toBe('superseded');
    const again = world.useCases.requestRollback(ADMIN, older.id, { dryRun: false, reason: 'retry' });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  it('tells nobody while it only observes', async () => {
    const world = await createWorld({
      policy: { mode: 'observe' },
      endpoints: [{ name: 'all', events: ['verdict.changed'] }],
    });
    const { id } = await world.start();
    await world.look(id, 'rollback');
    expect(await valueOf(world, id)).toBe('rollback');
    expect(await world.store.outbox({ limit: 10 })).toEqual([]);
  });

  it('is held back everywhere by the global kill switch', async () => {
    const world = await createWorld();
    await world.useCases.setControls(ADMIN, '*', { killSwitch: true });
    const { id } = await world.start();
    await world.look(id, 'rollback');
    expect(await brakesOf(world, id)).toEqual(['kill-switch']);
  });
});
