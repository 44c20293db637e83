import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../src/api/policy.js';
import type { Caller, CheckReport } from '../src/app/use-cases.js';
import type { Evidence } from '../src/domain/evidence.js';
import { gate } from '../src/domain/gate.js';
import { createWatchRunner } from '../src/app/evaluate/watch-runner.js';
import { ADMIN, createWorld, type World } from './world.js';

/** The watch of the world's policy has 30 looks of 60 s, or what is given here. */
const LOOKS = 5;
const looks: Partial<PolicyInput> = { interval: '60s', watch: '5m', settle: '0s', history: '3d' };
const smoke = { name: 'smoke', kind: 'smoke-test', onFailure: 'rollback', timeout: '10m' } as const;
const signOff = { name: 'sign-off', kind: 'sign-off', onFailure: 'inconclusive', timeout: '1h' } as const;

const worldWith = (
  requiredChecks: NonNullable<PolicyInput['requiredChecks']>,
  more: Partial<PolicyInput> = {},
) => createWorld({ policy: { ...looks, mode: 'recommend', requiredChecks, ...more } });

const latest = (world: World, id: string) => world.store.latestVerdict(id);
const report = (world: World, id: string, change: Partial<CheckReport> = {}) =>
  world.useCases.reportCheck(ADMIN, id, { name: 'smoke', kind: 'smoke-test', state: 'passed', ...change });
const sign = { name: 'sign-off', kind: 'sign-off', by: { name: 'Ada', role: 'lead' } } as const;

/** Takes every look that is left, each saying `pending` but the last. */
async function toTheEnd(world: World, id: string, says: 'continue' | 'inconclusive' = 'continue') {
  for (let look = 1; look < LOOKS; look++) await world.look(id, 'pending');
  await world.look(id, says);
}

/** What the scheduler does once the looks are over. */
async function waitAtGate(world: World, id: string) {
  const [watch] = await world.store.watches({ deploymentId: id, state: 'watching' });
  const deployment = await world.store.deployment(id);
  const [step] = await world.store.steps(id);
  if (!watch || !deployment || !step) throw new Error('nothing waits');
  const runner = createWatchRunner(world.ctx, deployment, step, watch);
  expect(runner.dueAtMs()).toBe(0);
  const result = await runner.advance();
  return { result, dueAtMs: runner.dueAtMs() };
}

describe('a check that the policy requires', () => {
  it('is named in stillNeeded from the first look on, and missing it never becomes continue', async () => {
    const world = await worldWith([smoke, signOff]);
    const { id } = await world.start();
    await world.look(id, 'pending');
    expect((await latest(world, id))?.stillNeeded.map((one) => one.text)).toEqual([
      'the required check "smoke" (smoke-test) has not been reported yet',
      'the required check "sign-off" (sign-off) has not been reported yet',
    ]);
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({
      value: 'pending',
      rule: 'awaiting-checks',
      withheld: { value: 'continue', rule: 'bounded-harm', guarantee: 'placebo', confidence: 0.98 },
      checks: [{ name: 'smoke', standing: 'missing' }, { standing: 'missing' }],
    });
  });

  it('lets the next look continue once it has passed', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await world.look(id, 'continue');
    await report(world, id);
    expect(await latest(world, id)).toMatchObject({ value: 'pending', rule: 'watching' });
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({
      value: 'continue',
      rule: 'bounded-harm',
      guarantee: 'placebo',
      checks: [{ name: 'smoke', standing: 'passed', revision: 1 }],
    });
  });

  it('that fails between two looks decides rollback at once, as the user’s own word, and acts', async () => {
    const world = await worldWith([smoke], { mode: 'act' });
    const { id } = await world.start();
    await world.look(id, 'pending');
    await report(world, id, { state: 'failed' });
    const verdict = await latest(world, id);
    expect(verdict).toMatchObject({ value: 'rollback', rule: 'check-failed', guarantee: 'guard-rail' });
    expect(verdict?.confidence).toBeUndefined();
    expect(verdict?.brakes).toEqual([]);
    expect((await world.store.deployment(id))?.state).toBe('rolling-back');
    expect(await world.store.watches({ deploymentId: id, state: 'watching' })).toEqual([]);
    // The verdict can be derived again from what is stored in it.
    expect(gate('pending', { checks: verdict?.checks ?? [], looksOver: false })).toMatchObject({
      value: 'rollback',
      rule: 'check-failed',
    });
  });

  it('that failed before the first look decides without one', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await report(world, id, { state: 'failed' });
    expect(await latest(world, id)).toMatchObject({ value: 'rollback', brakes: [{ brake: 'mode' }] });
  });

  it('that fails in the tail after an early continue still decides; later it is only on record', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await report(world, id);
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ value: 'continue', sequence: 1 });
    await report(world, id, { summary: 'again' });
    expect(await latest(world, id)).toMatchObject({ value: 'continue', sequence: 1 });
    await report(world, id, { state: 'failed' });
    expect(await latest(world, id)).toMatchObject({ value: 'rollback', rule: 'check-failed' });

    const other = await worldWith([smoke]);
    const done = await other.start();
    await report(other, done.id);
    await toTheEnd(other, done.id);
    expect(await latest(other, done.id)).toMatchObject({ value: 'continue' });
    await report(other, done.id, { state: 'failed' });
    expect(await latest(other, done.id)).toMatchObject({ value: 'continue' });
    expect(await other.store.checks(done.id)).toMatchObject([{ state: 'failed', revision: 2 }]);
  });

  it('is waited for after the last look, and decides when it comes', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await toTheEnd(world, id);
    expect(await latest(world, id)).toMatchObject({ value: 'pending', rule: 'awaiting-checks', look: LOOKS });
    expect(await waitAtGate(world, id)).toMatchObject({ result: 'waiting' });
    await report(world, id);
    const verdict = await latest(world, id);
    expect(verdict).toMatchObject({ value: 'continue', rule: 'bounded-harm', confidence: 0.98 });
    expect(verdict?.withheld).toBeUndefined();
    expect(verdict?.stillNeeded).toEqual([]);
    expect(await world.store.watches({ deploymentId: id, state: 'watching' })).toEqual([]);
  });

  it('that fails after the last look rolls back, however late', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await toTheEnd(world, id);
    world.wait(5 * 60_000);
    await report(world, id, { state: 'failed' });
    expect(await latest(world, id)).toMatchObject({
      value: 'rollback',
      rule: 'check-failed',
      asOfMs: world.nowMs(),
    });
  });

  it.each(['missing', 'running', 'expired'] as const)(
    'that is %s at its timeout ends inconclusive',
    async (how) => {
      const world = await worldWith([smoke]);
      const { id } = await world.start();
      if (how !== 'missing') await report(world, id, { state: how });
      await toTheEnd(world, id);
      const { dueAtMs } = await waitAtGate(world, id);
      expect(dueAtMs).toBeGreaterThan(world.nowMs());
      world.wait(10 * 60_000 - 1);
      expect((await waitAtGate(world, id)).result).toBe('waiting');
      world.wait(1);
      expect((await waitAtGate(world, id)).result).toBe('gone');
      expect(await latest(world, id)).toMatchObject({
        value: 'inconclusive',
        rule: 'checks-missing',
        guarantee: 'none',
        checks: [{ standing: 'overdue' }],
      });
    },
  );

  it('that passed and ran out counts no more', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await report(world, id, { expiresAtMs: world.nowMs() + 30_000 });
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ value: 'pending', checks: [{ standing: 'expired' }] });
  });

  it('whose failure means inconclusive bars continue, can be run again, and lets harm be found meanwhile', async () => {
    const world = await worldWith([signOff]);
    const { id } = await world.start();
    await report(world, id, { ...sign, state: 'failed' });
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ value: 'pending', rule: 'awaiting-checks' });
    await report(world, id, { ...sign, state: 'passed' });
    await world.look(id, 'rollback');
    expect(await latest(world, id)).toMatchObject({ value: 'rollback', rule: 'calibrated-evidence' });

    const other = await worldWith([signOff]);
    const refused = await other.start();
    await report(other, refused.id, { ...sign, state: 'failed' });
    await toTheEnd(other, refused.id);
    expect(await latest(other, refused.id)).toMatchObject({
      value: 'inconclusive',
      rule: 'check-failed',
      guarantee: 'none',
    });
  });

  it('changes nothing about what the metrics cannot judge', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await toTheEnd(world, id, 'inconclusive');
    expect(await latest(world, id)).toMatchObject({ value: 'inconclusive', rule: 'bounded-harm' });
  });

  it('is asked of its own step only, and a report for a step outranks one for the release', async () => {
    const world = await worldWith([{ ...smoke, step: 'canary' }], {});
    const plannedSteps = [{ name: 'canary' }, { name: 'full' }];
    const { id } = await world.start({ plannedSteps });
    await report(world, id);
    await report(world, id, { step: 'canary', state: 'running' });
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ checks: [{ standing: 'running', step: 'canary' }] });
    await report(world, id, { step: 'canary' });
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ value: 'continue', stepIndex: 0 });
    world.wait(1_000);
    await world.useCases.beginStep(ADMIN, id, {});
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ value: 'continue', stepIndex: 1 });
  });

  it('stands in the evidence of the look, from which the verdict is derived again', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await world.look(id, 'continue');
    const verdict = await latest(world, id);
    const bytes = await world.store.blob(verdict?.evidenceHash ?? '');
    const { gate: inputs, assessment } = JSON.parse(Buffer.from(bytes ?? []).toString()) as Evidence;
    if (inputs === undefined) throw new Error('the inputs of the gate are not in the evidence');
    expect(gate(assessment.value, inputs)).toMatchObject({ value: verdict?.value, rule: verdict?.rule });
  });

  it('does not bind a recovery: a rollback is proven by its metrics', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    const original = await world.store.deployment(id);
    await world.store.transaction(async (tx) => {
      if (original)
        await tx.updateDeployment({ ...original, rollbackOf: 'other', revision: original.revision + 1 });
    });
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ value: 'continue' });
  });

  it('survives a restart while it is waited for', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await toTheEnd(world, id);
    await report(world, id, { state: 'running' });
    expect((await waitAtGate(world, id)).result).toBe('waiting');
    await report(world, id);
    expect(await latest(world, id)).toMatchObject({ value: 'continue' });
  });
});

describe('what a policy asks', () => {
  it('is refused when it names a step that is not planned', async () => {
    const world = await worldWith([{ ...smoke, step: 'canary' }]);
    await expect(world.start()).rejects.toMatchObject({ code: 'invalid', info: { field: '/plannedSteps' } });
  });

  it('is not loosened by a pipeline that sends its own', async () => {
    const world = await worldWith([signOff]);
    const configured = world.ctx.policies.get('default');
    if (configured === undefined) throw new Error('no policy');
    const pipeline: Caller = { ...ADMIN, role: 'pipeline' };
    const start = (change: object, caller = pipeline) => {
      const { executor, ...policy } = { ...configured, ...change };
      return world.useCases.startDeployment(caller, {
        ...{ project: 'default', service: 'cart', environment: 'prod', version: 'v2', strategy: 'rolling' },
        ...{ change: { kind: 'code' }, dependsOn: [], labels: {}, links: [], plannedSteps: [] },
        policy,
      });
    };
    const without = { requiredChecks: [] };
    await expect(start(without)).rejects.toMatchObject({
      code: 'forbidden',
      info: { field: '/policy/requiredChecks' },
    });
    await expect(start({ holdRoles: ['pipeline'] })).rejects.toMatchObject({
      code: 'forbidden',
      info: { field: '/policy/holdRoles' },
    });
    await start({});
    world.wait(1_000);
    await start(without, { ...ADMIN, role: 'operator' });
  });
});
