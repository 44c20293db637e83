import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../src/api/policy.js';
import { lapseHolds } from '../src/app/evaluate/lapse-holds.js';
import { presentVerdict } from '../src/app/present.js';
import type { HoldRequest } from '../src/app/use-cases.js';
import { ADMIN, createWorld, type World } from './world.js';

const looks: Partial<PolicyInput> = { interval: '60s', watch: '5m', settle: '0s', history: '3d' };
const latest = (world: World, id: string) => world.store.latestVerdict(id);
const hold = (world: World, id: string, change: Partial<HoldRequest> = {}) =>
  world.useCases.hold(ADMIN, id, { reason: 'provider incident', stopsRollback: false, ...change });
const proceed = (world: World, id: string) => world.useCases.proceed(ADMIN, id, { reason: 'it is back' });
const recommending = () => createWorld({ policy: { ...looks, mode: 'recommend' } });

describe('a hold', () => {
  it('keeps continue and inconclusive back, and proceeding gives what was kept back', async () => {
    for (const says of ['continue', 'inconclusive'] as const) {
      const world = await recommending();
      const { id } = await world.start();
      const held = await hold(world, id);
      expect(held.verdict).toMatchObject({
        value: 'pending',
        rule: 'held',
        hold: { reason: 'provider incident' },
      });
      for (let look = 1; look <= 4; look++) await world.look(id, 'pending');
      await world.look(id, says);
      expect(await latest(world, id)).toMatchObject({
        value: 'pending',
        rule: 'held',
        withheld: { value: says },
      });
      const lifted = await proceed(world, id);
      expect(lifted).toMatchObject({ verdict: { value: says, rule: 'bounded-harm' } });
      expect(lifted.hold).toBeUndefined();
      expect(lifted.verdict.hold).toBeUndefined();
      expect(await world.store.watches({ deploymentId: id, state: 'watching' })).toEqual([]);
    }
  });

  it('takes back a continue that was given, and gives it again with its tail still watching', async () => {
    const world = await recommending();
    const { id } = await world.start();
    await world.look(id, 'continue');
    await hold(world, id);
    expect(await latest(world, id)).toMatchObject({ value: 'pending', rule: 'held', sequence: 2 });
    await hold(world, id, { reason: 'still on' });
    expect(await latest(world, id)).toMatchObject({ hold: { reason: 'still on' }, sequence: 3 });
    await proceed(world, id);
    expect(await latest(world, id)).toMatchObject({ value: 'continue', rule: 'bounded-harm', sequence: 4 });
    expect(await world.store.watches({ deploymentId: id, state: 'watching' })).toMatchObject([
      { kind: 'late-regression' },
    ]);
  });

  it('set between looks says of which look its evidence is', async () => {
    const world = await recommending();
    const { id } = await world.start();
    for (let look = 1; look <= 3; look++) await world.look(id, 'pending');
    const reasons = async () =>
      (await latest(world, id))?.reasons.filter(({ code }) => code === 'evidence-of-look');
    await hold(world, id);
    expect(await latest(world, id)).toMatchObject({ rule: 'held', look: 1 });
    const told = {
      code: 'evidence-of-look',
      text: 'what is said here of the metrics is of look 1; the newest one was look 3 and changed no verdict',
    };
    expect(await reasons()).toEqual([told]);
    await proceed(world, id);
    expect(await latest(world, id)).toMatchObject({ rule: 'watching', look: 1 });
    expect(await reasons()).toEqual([told]);
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ value: 'continue', look: 4 });
    expect(await reasons()).toEqual([]);
  });

  it('is no verdict for pipelines: pending, not final, fail-closed whatever the policy says', async () => {
    const world = await createWorld({
      policy: { ...looks, mode: 'recommend', consumers: { pending: 'fail-open' } },
    });
    const { id } = await world.start();
    await world.look(id, 'continue');
    const { verdict, deployment } = await hold(world, id, { untilMs: world.nowMs() + 60_000 });
    expect(presentVerdict(verdict, deployment)).toMatchObject({
      verdict: 'pending',
      final: false,
      exitCode: 4,
      rule: 'held',
      hold: { reason: 'provider incident', until: expect.any(String) as string },
      withheld: { verdict: 'continue', rule: 'bounded-harm', guarantee: 'placebo' },
      consumers: { pending: 'fail-closed' },
    });
  });

  it('bars the next step and an override until somebody proceeds', async () => {
    const world = await recommending();
    const { id } = await world.start({ plannedSteps: [{ name: 'a' }, { name: 'b' }] });
    await world.look(id, 'continue');
    await hold(world, id);
    world.wait(1_000);
    await expect(world.useCases.beginStep(ADMIN, id, {})).rejects.toMatchObject({ code: 'conflict' });
    await expect(world.useCases.overrideContinue(ADMIN, id, { reason: 'go' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await proceed(world, id);
    await world.useCases.beginStep(ADMIN, id, {});
  });

  it('never stops a rollback of harm, unless the person says so', async () => {
    const acting = () => createWorld({ policy: { ...looks, mode: 'act' } });
    const world = await acting();
    const { id } = await world.start();
    await hold(world, id);
    await world.look(id, 'rollback');
    expect(await latest(world, id)).toMatchObject({ value: 'rollback', brakes: [] });
    expect((await world.store.deployment(id))?.state).toBe('rolling-back');
    expect(await world.store.hold(id)).toBeUndefined();

    const other = await acting();
    const braked = await other.start();
    await hold(other, braked.id, { stopsRollback: true });
    await other.look(braked.id, 'rollback');
    expect(await latest(other, braked.id)).toMatchObject({
      value: 'rollback',
      brakes: [{ brake: 'hold', text: expect.stringContaining('provider incident') as string }],
    });
    expect((await other.store.deployment(braked.id))?.state).toBe('running');
    await proceed(other, braked.id);
    expect(await latest(other, braked.id)).toMatchObject({ value: 'rollback' });
  });

  it('lapses by itself at its end, on record, and gives what it kept back', async () => {
    const world = await recommending();
    const { id } = await world.start();
    await world.look(id, 'continue');
    await hold(world, id, { untilMs: world.nowMs() + 60_000 });
    await lapseHolds(world.ctx);
    expect(await latest(world, id)).toMatchObject({ rule: 'held' });
    world.wait(60_000);
    await lapseHolds(world.ctx);
    await lapseHolds(world.ctx);
    expect(await latest(world, id)).toMatchObject({ value: 'continue' });
    const actions = (await world.store.audit({ deploymentId: id, limit: 99 })).map((one) => one.action);
    expect(actions.filter((action) => action.startsWith('hold') || action.includes('hold'))).toEqual([
      'deployment.hold',
      'hold.lapse',
    ]);
    await expect(proceed(world, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that has lapsed does not keep a look back before it was swept away', async () => {
    const world = await recommending();
    const { id } = await world.start();
    await hold(world, id, { untilMs: world.nowMs() + 1_000 });
    world.wait(2_000);
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ value: 'continue' });
  });

  it('ends with the deployment', async () => {
    for (const end of ['cancel', 'supersede'] as const)
      for (const decided of [true, false]) {
        const world = await recommending();
        const { id } = await world.start();
        if (decided) await world.look(id, 'continue');
        await hold(world, id);
        world.wait(1_000);
        if (end === 'cancel') await world.useCases.cancelDeployment(ADMIN, id);
        else await world.start();
        expect(await latest(world, id)).toMatchObject({
          value: end === 'cancel' ? 'cancelled' : 'superseded',
        });
        expect(await world.store.hold(id)).toBeUndefined();
        const audited = await world.store.audit({ deploymentId: id, limit: 100 });
        expect(audited.filter(({ action }) => action === 'hold.drop').map(({ detail }) => detail)).toEqual([
          expect.objectContaining({ because: end }),
        ]);
        await expect(hold(world, id)).rejects.toMatchObject({ code: 'conflict' });
      }
  });

  it('is for the roles that the policy names', async () => {
    const pipeline = { ...ADMIN, role: 'pipeline' as const };
    const request = { reason: 'r', stopsRollback: false };
    const world = await recommending();
    const { id } = await world.start();
    await expect(world.useCases.hold(pipeline, id, request)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('operator and admin') as string,
    });
    const other = await createWorld({ policy: { ...looks, holdRoles: ['pipeline'] } });
    const started = await other.start();
    await other.useCases.hold(pipeline, started.id, request);
    await expect(proceed(other, started.id)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it.each([0, -1, 31 * 86_400_000])('with an end %i ms from now is refused, naming the field', async (ms) => {
    const world = await recommending();
    const { id } = await world.start();
    await expect(hold(world, id, { untilMs: world.nowMs() + ms })).rejects.toMatchObject({
      code: 'invalid',
      info: { field: '/until' },
    });
  });
});
