import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../src/api/policy.js';
import { passGate } from '../src/app/evaluate/pass-gate.js';
import type { CheckReport } from '../src/app/use-cases.js';
import { ADMIN, createWorld, type World } from './world.js';

const LOOKS = 5;
const smoke = { name: 'smoke', kind: 'smoke-test', onFailure: 'rollback', timeout: '10m' } as const;
const signOff = { name: 'sign-off', kind: 'sign-off', onFailure: 'inconclusive', timeout: '1h' } as const;
const sign = { name: 'sign-off', kind: 'sign-off', by: { name: 'Ada', role: 'lead' } } as const;

const worldWith = (requiredChecks: NonNullable<PolicyInput['requiredChecks']>) =>
  createWorld({
    policy: { interval: '60s', watch: '5m', settle: '0s', history: '3d', mode: 'recommend', requiredChecks },
  });
const report = (world: World, id: string, change: Partial<CheckReport> = {}) =>
  world.useCases.reportCheck(ADMIN, id, { name: 'smoke', kind: 'smoke-test', state: 'passed', ...change });

describe('a required check', () => {
  it('is shown as overdue with the time since when, while it is waited for and afterwards', async () => {
    const world = await worldWith([smoke]);
    const { id } = await world.start();
    await world.look(id, 'pending');
    const required = async () => (await world.useCases.viewChecks(ADMIN, id)).required;
    expect(await required()).toMatchObject([{ standing: 'missing' }]);
    for (let look = 2; look < LOOKS; look++) await world.look(id, 'pending');
    await world.look(id, 'continue');
    const dueAtMs = world.nowMs() + 10 * 60_000;
    world.wait(10 * 60_000 - 1);
    expect(await required()).toMatchObject([{ standing: 'missing' }]);
    world.wait(1);
    expect(await required()).toMatchObject([{ standing: 'overdue', overdueSinceMs: dueAtMs }]);
    const [watch] = await world.store.watches({ deploymentId: id, state: 'watching' });
    if (watch === undefined) throw new Error('nothing waits');
    await passGate(world.ctx, watch);
    expect(await world.store.latestVerdict(id)).toMatchObject({ rule: 'checks-missing' });
    world.wait(60_000);
    expect(await required()).toMatchObject([{ standing: 'overdue', overdueSinceMs: dueAtMs }]);
    await report(world, id);
    const [passed] = await required();
    expect(passed).toMatchObject({ standing: 'passed' });
    expect(passed).not.toHaveProperty('overdueSinceMs');
  });

  it('is reported at most 1,000 times; the same report again is no further one', async () => {
    const world = await worldWith([signOff]);
    const { id } = await world.start();
    const stored = await report(world, id, { ...sign, state: 'running' });
    await world.store.transaction(async (tx) => {
      for (let revision = 2; revision <= 1_000; revision++) await tx.putCheck({ ...stored, revision });
    });
    expect(await report(world, id, { ...sign, state: 'running' })).toMatchObject({ revision: 1_000 });
    await expect(report(world, id, { ...sign, state: 'passed' })).rejects.toMatchObject({
      code: 'conflict',
      message: '"sign-off" was reported 1000 times, the most that a check may be',
      info: { field: '/name' },
    });
  });
});
