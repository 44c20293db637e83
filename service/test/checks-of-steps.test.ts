import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../src/api/policy.js';
import { fixedPolicies } from '../src/app/policy-lookup.js';
import { createUseCases } from '../src/app/create-use-cases.js';
import type { Caller, CheckReport } from '../src/app/use-cases.js';
import { ADMIN, createWorld, type World } from './world.js';

const looks: Partial<PolicyInput> = { interval: '60s', watch: '5m', settle: '0s', history: '3d' };
const PIPELINE: Caller = { ...ADMIN, name: 'ci', role: 'pipeline' };
const plannedSteps = [{ name: 'canary' }, { name: 'full' }];
const test = { name: 'smoke', kind: 'smoke-test', onFailure: 'inconclusive', timeout: '10m' } as const;
const sign = {
  name: 'ok',
  kind: 'sign-off',
  onFailure: 'inconclusive',
  timeout: '1h',
  step: 'full',
} as const;

type Required = NonNullable<PolicyInput['requiredChecks']>;
const worldWith = (requiredChecks: Required) =>
  createWorld({ policy: { ...looks, mode: 'recommend', requiredChecks } });
const latest = (world: World, id: string) => world.store.latestVerdict(id);
const report = (world: World, id: string, change: Partial<CheckReport> = {}) =>
  world.useCases.reportCheck(PIPELINE, id, {
    ...{ name: 'smoke', kind: 'smoke-test', state: 'passed' },
    ...change,
  });
async function nextStep(world: World, id: string) {
  world.wait(1_000);
  await world.useCases.beginStep(PIPELINE, id, {});
}

describe('a check that a step requires', () => {
  it('is still asked for once the next step has begun', async () => {
    for (const required of [{ ...test, step: 'canary' }, test]) {
      const world = await worldWith([required]);
      const { id } = await world.start({ plannedSteps });
      await world.look(id, 'pending');
      await nextStep(world, id);
      if (!('step' in required)) await report(world, id, { step: 'full' });
      await world.look(id, 'continue');
      expect(await latest(world, id)).toMatchObject({
        value: 'pending',
        rule: 'awaiting-checks',
        stepIndex: 1,
      });
      expect((await world.useCases.viewChecks(ADMIN, id)).required).toContainEqual(
        expect.objectContaining({ name: 'smoke', step: 'canary', standing: 'missing' }),
      );
      await report(world, id, { step: 'canary' });
      await world.look(id, 'continue');
      expect(await latest(world, id)).toMatchObject({ value: 'continue', stepIndex: 1 });
    }
  });

  it('is shown once where every step asks for it and one report speaks for all', async () => {
    const world = await worldWith([test]);
    const { id } = await world.start({ plannedSteps });
    await nextStep(world, id);
    await world.look(id, 'continue');
    expect((await latest(world, id))?.checks).toMatchObject([{ name: 'smoke', standing: 'missing' }]);
  });

  it('that failed bars the next step until it passes or an operator overrides it', async () => {
    const world = await worldWith([test]);
    const { id } = await world.start({ plannedSteps });
    await report(world, id, { step: 'canary', state: 'failed' });
    await world.look(id, 'pending');
    await expect(nextStep(world, id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"smoke" failed') as string,
    });
    await world.useCases.overrideContinue(ADMIN, id, { reason: 'the test is flaky' });
    await nextStep(world, id);
    await report(world, id, { step: 'full' });
    await world.look(id, 'continue');
    expect(await latest(world, id)).toMatchObject({ value: 'continue', rule: 'bounded-harm', stepIndex: 1 });
  });
});

describe('a pipeline', () => {
  const startBy = (world: World, policy: unknown) =>
    world.useCases.startDeployment(PIPELINE, {
      ...{ project: 'default', service: 'cart', environment: 'prod', version: 'v3', strategy: 'rolling' },
      ...{ change: { kind: 'code' }, dependsOn: [], labels: {}, links: [], plannedSteps },
      policy: policy as string,
    });

  it('signs nothing off through a second demand for the same check', async () => {
    const lowered = { ...sign, step: 'canary', role: 'pipeline' } as const;
    const world = await worldWith([sign, lowered]);
    const { id } = await world.start({ plannedSteps });
    const signed = { name: 'ok', kind: 'sign-off', by: { name: 'Ada', role: 'lead' } } as const;
    await expect(report(world, id, signed)).rejects.toMatchObject({ code: 'forbidden' });

    const other = await worldWith([sign]);
    const configured = other.ctx.policies.get('default');
    const own = { ...configured, requiredChecks: [sign, lowered].map((one) => ({ ...one, timeoutMs: 1 })) };
    const { executor, ...policy } = own;
    await expect(startBy(other, policy)).rejects.toMatchObject({
      code: 'forbidden',
      info: { field: '/policy/requiredChecks' },
    });
  });

  it('does not get around the policy of its service by naming another', async () => {
    const world = await worldWith([]);
    const strict = (await worldWith([test])).ctx.policies.get('default');
    const free = world.ctx.policies.get('default');
    if (strict === undefined || free === undefined) throw new Error('no policy');
    const ctx = {
      ...world.ctx,
      policies: fixedPolicies({ cart: { ...strict, name: 'cart' }, default: free }),
    };
    const useCases = createUseCases(ctx, () => undefined);
    await expect(startBy({ ...world, useCases }, 'default')).rejects.toMatchObject({
      code: 'forbidden',
      info: { field: '/policy' },
    });
    await startBy({ ...world, useCases }, 'cart');
  });

  it('cannot use up the room of a check that is required', async () => {
    const world = await worldWith([test]);
    const { id } = await world.start({ plannedSteps });
    for (let count = 0; count < 200; count++) await report(world, id, { name: `other ${count}` });
    await expect(report(world, id, { name: 'one more' })).rejects.toMatchObject({ code: 'conflict' });
    await report(world, id);
    expect(await world.store.checks(id)).toHaveLength(201);
  });
});
