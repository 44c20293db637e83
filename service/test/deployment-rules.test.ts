import type { MetricEvidence } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import { ADMIN, createWorld, type World } from './world.js';

const valueOf = async (world: World, id: string) => (await world.store.latestVerdict(id))?.value;
const brakesOf = async (world: World, id: string) =>
  (await world.store.latestVerdict(id))?.brakes.map((b) => b.brake);

describe('automatic rollback and its brakes', () => {
  it('acts when nothing holds it back', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    await world.look(id, 'pending');
    await world.look(id, 'rollback');
    expect(await brakesOf(world, id)).toEqual([]);
    expect((await world.store.deployment(id))?.state).toBe('rolling-back');
    expect(await world.store.rollbacks(id)).toMatchObject([
      { state: 'requested', automatic: true, executor: 'shop' },
    ]);
  });

  it('is held back by the mode', async () => {
    const world = await createWorld({ policy: { mode: 'recommend' } });
    const { id } = await world.start();
    await world.look(id, 'rollback');
    expect(await brakesOf(world, id)).toEqual(['mode']);
    expect((await world.store.deployment(id))?.state).toBe('running');
  });

  it('is held back when the executor is gone since the deployment began', async () => {
    const executors = new Map([['shop', { project: '*', service: '*', environment: '*' }]]);
    const world = await createWorld({ executors });
    const { id } = await world.start();
    executors.clear();
    await world.look(id, 'rollback');
    expect(await brakesOf(world, id)).toEqual(['no-executor']);
  });

  it('is held back without calibration, unless counts of concurrent arms speak', async () => {
    const world = await createWorld({
      policy: { brakes: { maxAutomaticRollbacksPerHour: 99, commonCauseServices: 99 } },
    });
    const harmed: MetricEvidence = {
      kind: 'judged',
      name: 'errors',
      unit: 'ratio',
      criticality: 'normal',
      required: true,
      score: 2,
      contribution: 1,
      p: 0.001,
      effect: { relative: 9, relativeLow: 5, relativeHigh: 12, absolute: 0.01, level: 0.95 },
      beyondMinEffect: true,
      withinTolerance: false,
      baseline: 'control',
      scorer: 'counts',
      coverage: 1,
      expected: new Float64Array(),
      low: new Float64Array(),
      high: new Float64Array(),
    };
    const act = async (service: string, metric: MetricEvidence, decider = metric.name) => {
      const { id } = await world.start({ service });
      const reasons = [{ code: 'harm-found', metric: decider, text: 'it rose' }];
      await world.look(id, 'rollback', { guarantee: 'sequential', metrics: [metric], reasons });
      return brakesOf(world, id);
    };
    expect(await act('a', { ...harmed, scorer: 'level-shift' })).toEqual(['weak-guarantee']);
    expect(await act('b', { ...harmed, baseline: 'level' })).toEqual(['weak-guarantee']);
    expect(await act('c', harmed, 'another')).toEqual(['weak-guarantee']);
    expect(await act('d', harmed)).toEqual([]);
  });

  it('is held back by the kill switch and by a freeze, and says why', async () => {
    const world = await createWorld();
    await world.useCases.setControls(ADMIN, 'default', {
      killSwitch: true,
      killSwitchReason: 'drill',
      freezeUntilMs: world.nowMs() + 60_000,
    });
    const { id } = await world.start();
    await world.look(id, 'rollback');
    expect(await brakesOf(world, id)).toEqual(['kill-switch', 'freeze']);
    expect((await world.store.latestVerdict(id))?.brakes[0]?.text).toContain('drill');
  });

  it('is held back by a migration that cannot be reversed', async () => {
    const world = await createWorld();
    const { id } = await world.start({ migration: { reversible: false } });
    await world.look(id, 'rollback');
    expect(await brakesOf(world, id)).toEqual(['irreversible-migration']);
  });

  it('is held back after so many in an hour, and free again after it', async () => {
    const world = await createWorld({
      policy: { brakes: { maxAutomaticRollbacksPerHour: 2, commonCauseServices: 99 } },
    });
    const harm = async (service: string) => {
      const { id } = await world.start({ service });
      await world.look(id, 'rollback');
      return brakesOf(world, id);
    };
    expect([await harm('a'), await harm('b'), await harm('c')]).toEqual([[], [], ['rate-limit']]);
    world.wait(3_600_001);
    expect(await harm('d')).toEqual([]);
  });

  it('is held back while many services look harmed together', async () => {
    const world = await createWorld({
      policy: { brakes: { maxAutomaticRollbacksPerHour: 99, commonCauseServices: 2 } },
    });
    const ids = [];
    for (const service of ['a', 'b', 'c']) ids.push((await world.start({ service })).id);
    for (const id of ids) await world.look(id, 'rollback');
    expect(await Promise.all(ids.map((id) => brakesOf(world, id)))).toEqual([[], [], ['common-cause']]);
  });

  it('never rolls a rollback back', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    const deployment = await world.store.deployment(id);
    await world.store.transaction(async (tx) => {
      if (deployment)
        await tx.updateDeployment({ ...deployment, rollbackOf: id, revision: deployment.revision + 1 });
    });
    await world.look(id, 'rollback');
    expect(await brakesOf(world, id)).toEqual(['is-rollback']);
  });
});

describe('watches and verdicts', () => {
  it('writes a verdict only when it changes, and a tick at every look', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    for (let i = 0; i < 4; i++) await world.look(id, 'pending');
    expect(await world.store.verdicts(id)).toHaveLength(1);
    const [watch] = await world.store.watches({ deploymentId: id });
    expect((await world.store.ticks(watch?.id ?? '')).map((t) => t.look)).toEqual([1, 2, 3, 4]);
  });

  it('goes on after an early continue and finds a late regression', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    await world.look(id, 'continue');
    expect(await valueOf(world, id)).toBe('continue');
    await world.look(id, 'continue');
    await world.look(id, 'pending');
    expect(await world.store.verdicts(id)).toHaveLength(1);
    await world.look(id, 'rollback');
    expect(await world.store.latestVerdict(id)).toMatchObject({
      value: 'rollback',
      rule: 'late-regression',
      sequence: 2,
    });
    const looks = (
      await Promise.all((await world.store.watches({ deploymentId: id })).map((w) => world.store.ticks(w.id)))
    ).flat();
    expect(looks.map((t) => t.look)).toEqual([1, 2, 3, 4]);
  });

  it('lets the continue stand when the tail ends quietly', async () => {
    const world = await createWorld({ policy: { watch: '1s' } });
    const { id } = await world.start();
    await world.look(id, 'continue');
    for (let i = 0; i < 4; i++) await world.look(id, 'pending');
    expect(await valueOf(world, id)).toBe('continue');
    expect(await world.store.watches({ deploymentId: id, state: 'watching' })).toEqual([]);
  });

  it('is superseded by a newer deployment, whose baseline leaves the older one out', async () => {
    const world = await createWorld();
    const older = await world.start();
    await world.look(older.id, 'pending');
    const newer = await world.start({ version: 'v3', previousVersion: 'v2' });
    expect(await valueOf(world, older.id)).toBe('superseded');
    expect((await world.store.deployment(older.id))?.state).toBe('superseded');
    expect(await world.store.watches({ deploymentId: newer.id, state: 'watching' })).toHaveLength(1);
  });

  it('refuses a deployment over one that is being rolled back', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    await world.look(id, 'rollback');
    await expect(world.start({ version: 'v3' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('divides α over the declared steps and refuses one that was not', async () => {
    const world = await createWorld({ policy: { alpha: 0.05 } });
    const { id } = await world.start({
      strategy: 'canary',
      plannedSteps: [{ name: '5 %', trafficShare: 0.05 }, { name: 'all' }],
    });
    await world.look(id, 'continue');
    world.wait(1_000);
    await world.useCases.beginStep(ADMIN, id, {});
    const watches = await world.store.watches({ deploymentId: id });
    expect(watches.map((w) => [w.stepIndex, w.kind, w.state, w.alpha])).toEqual([
      [0, 'step', 'decided', 0.025],
      [0, 'late-regression', 'superseded', 0.025],
      [1, 'step', 'watching', 0.025],
    ]);
    world.wait(1_000);
    await expect(world.useCases.beginStep(ADMIN, id, {})).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('what people do', () => {
  it('overrides with a reason, on record', async () => {
    const world = await createWorld({ policy: { mode: 'recommend' } });
    const { id } = await world.start();
    await world.look(id, 'rollback');
    await expect(world.useCases.overrideContinue(ADMIN, id, { reason: ' ' })).rejects.toMatchObject({
      code: 'invalid',
      info: { field: '/reason' },
    });
    await world.useCases.overrideContinue(ADMIN, id, { reason: 'known batch job' });
    expect(await world.store.latestVerdict(id)).toMatchObject({
      value: 'continue',
      rule: 'override',
      guarantee: 'none',
    });
    const actions = (await world.store.audit({ deploymentId: id, limit: 50 })).map((a) => a.action);
    expect(actions).toContain('verdict.override');
    expect(await world.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('rehearses a rollback without any effect, and asks for a reason', async () => {
    const world = await createWorld();
    const { id } = await world.start({ migration: { reversible: false } });
    await expect(world.useCases.requestRollback(ADMIN, id, { dryRun: false })).rejects.toMatchObject({
      code: 'invalid',
      info: { field: '/reason' },
    });
    const rehearsed = await world.useCases.requestRollback(ADMIN, id, { dryRun: true, reason: 'rehearsal' });
    expect(rehearsed.detail).toMatch(/from v2 to v1; the database migration .* cannot be reversed/);
    expect(await world.store.rollbacks(id)).toEqual([]);
    expect((await world.store.deployment(id))?.state).toBe('running');
  });

  it('rolls back by hand once, whatever is clicked twice', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    await world.useCases.requestRollback(ADMIN, id, { dryRun: false, reason: 'checkout is slow' });
    await expect(
      world.useCases.requestRollback(ADMIN, id, { dryRun: false, reason: 'again' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await world.store.rollbacks(id)).toHaveLength(1);
    expect(await valueOf(world, id)).toBe('cancelled');
  });

  it('hides what lies outside the scope of a token', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    const other = { ...ADMIN, service: 'checkout' };
    await expect(world.useCases.viewDeployment(other, id)).rejects.toMatchObject({ code: 'not-found' });
    const viewer = { ...ADMIN, role: 'viewer' as const };
    await expect(world.useCases.cancelDeployment(viewer, id)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await world.useCases.listDeployments(other, { project: 'default', limit: 10 })).items).toEqual(
      [],
    );
  });

  it('announces to the endpoints that asked for it, once each, under 20 kB', async () => {
    const world = await createWorld({
      endpoints: [
        { name: 'all', events: [] },
        { name: 'verdicts', events: ['verdict.changed'] },
      ],
    });
    const { id } = await world.start();
    await world.look(id, 'rollback');
    const waiting = await world.store.outbox({ state: 'waiting', limit: 100 });
    expect(waiting.map((m) => `${m.endpoint} ${m.type}`).sort()).toEqual([
      'all deployment.started',
      'all rollback.requested',
      'all verdict.changed',
      'verdicts verdict.changed',
    ]);
    expect(waiting.every((m) => Buffer.byteLength(m.body) < 20_000)).toBe(true);
  });
});
