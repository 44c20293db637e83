import { describe, expect, it } from 'vitest';
import { policyInput } from '../src/api/policy.js';
import type { Caller, StartDeployment } from '../src/app/use-cases.js';
import { createPushSource } from '../src/sources/push/source.js';
import { errorPolicy } from './traffic.js';
import { ADMIN, createWorld, type World } from './world.js';

const PIPELINE: Caller = { ...ADMIN, name: 'ci', role: 'pipeline' };
const start = (world: World, caller: Caller, change: Partial<StartDeployment>) => world.start(change, caller);
const policy = (change: Readonly<Record<string, unknown>> = {}) => policyInput.parse(errorPolicy(change));

describe('a policy by value', () => {
  it.each([
    ['act', { mode: 'act' }, '/policy/mode'],
    ['name an executor', { executor: 'shop' }, '/policy/executor'],
    [
      'act through a guard-rail',
      { mode: 'act', executor: 'shop', metrics: [{ ...errorPolicy().metrics[0], guardRail: { above: -1 } }] },
      '/policy/mode',
    ],
  ])('cannot %s for a token that may not roll back', async (_what, change, field) => {
    const world = await createWorld();
    await expect(start(world, PIPELINE, { policy: policy(change) })).rejects.toMatchObject({
      code: 'forbidden',
      info: { field, remedy: 'name a configured policy, or use an operator token' },
    });
    expect((await world.useCases.listDeployments(ADMIN, { project: 'default', limit: 5 })).items).toEqual([]);
    const operator = { ...ADMIN, role: 'operator' as const };
    await expect(start(world, operator, { policy: policy(change) })).resolves.toMatchObject({
      state: 'running',
    });
  });

  it('judges for a pipeline all the same, and a configured policy acts for it', async () => {
    const world = await createWorld();
    await expect(start(world, PIPELINE, { policy: policy() })).resolves.toMatchObject({
      policy: { mode: 'recommend' },
    });
    const { id } = await start(world, PIPELINE, { service: 'other', policy: 'default' });
    await world.look(id, 'rollback');
    expect(await world.store.rollbacks(id)).toMatchObject([{ executor: 'shop' }]);
  });

  const signals = {
    gauge: (labels: object) => ({ type: 'gauge', series: { metric: 'm', labels } }),
    events: (labels: object) => ({
      type: 'ratio',
      events: { metric: 'e', labels },
      total: { metric: 't', labels: { service: 'cart', environment: 'prod' } },
    }),
    total: (labels: object) => ({
      type: 'ratio',
      events: { metric: 'e', labels: { service: 'cart', environment: 'prod' } },
      total: { metric: 't', labels },
    }),
  };
  const measuring = (signal: unknown, arms = {}) =>
    policyInput.parse({ metrics: [{ name: 'm', kind: 'error', signal, arms }] });

  it.each([
    ['gauge', { service: 'pay', environment: 'prod' }, 'series/labels/service'],
    ['gauge', { service: '', environment: 'prod' }, 'series/labels/service'],
    ['gauge', { service: '{{version}}', environment: 'prod' }, 'series/labels/service'],
    ['gauge', { service: '{{service}}' }, 'series/labels/environment'],
    ['events', {}, 'events/labels/service'],
    ['total', { service: '{{service}}', environment: 'test' }, 'total/labels/environment'],
  ] as const)('of a scoped token reads no series beyond it: %s %j', async (kind, labels, at) => {
    const world = await createWorld();
    const scoped = { ...PIPELINE, service: 'cart', environment: 'prod' };
    const reading = { policy: measuring(signals[kind](labels)) };
    await expect(start(world, scoped, reading)).rejects.toMatchObject({
      code: 'forbidden',
      info: {
        field: `/policy/metrics/0/signal/${at}`,
        remedy: expect.stringContaining('"{{') as string,
      },
    });
    await expect(start(world, PIPELINE, reading)).resolves.toMatchObject({ state: 'running' });
  });

  it('cannot lead its arms out of the scope either, and passes with its own labels', async () => {
    const world = await createWorld();
    const scoped = { ...PIPELINE, service: 'cart' };
    const own = signals.gauge({ service: '{{ service }}' });
    await expect(
      start(world, scoped, { policy: measuring(own, { control: { service: 'pay' } }) }),
    ).rejects.toMatchObject({ code: 'forbidden', info: { field: '/policy/metrics/0/arms/control/service' } });
    await expect(start(world, scoped, { policy: measuring(own) })).resolves.toBeDefined();
    await expect(
      start(world, scoped, { policy: measuring(signals.gauge({ service: 'cart' })) }),
    ).resolves.toBeDefined();
  });
});

describe('a policy that reads from a source', () => {
  const gauge = (signal: object) =>
    policyInput.parse({ metrics: [{ name: 'm', kind: 'latency', signal: { type: 'gauge', ...signal } }] });
  const byQuery = gauge({ source: 'prom', query: 'm' });
  const bySelector = gauge({
    source: 'prom',
    series: { metric: 'm', labels: { service: '{{service}}', environment: '{{environment}}' } },
  });
  const withProm = (project: string) =>
    createWorld({
      sources: (store) => {
        const push = createPushSource(store.samples);
        const prom = { ...push, name: 'prom', evaluate: () => Promise.resolve([]) };
        return new Map([
          ['push', { source: push, project: '*' }],
          ['prom', { source: prom, project }],
          ['mute', { source: { ...push, name: 'mute' }, project: '*' }],
        ]);
      },
    });

  it('cannot be sent by a scoped token with a query, which could read anything', async () => {
    const world = await withProm('*');
    for (const scope of [{ service: 'cart' }, { environment: 'prod' }]) {
      const scoped = { ...PIPELINE, ...scope };
      await expect(start(world, scoped, { policy: byQuery })).rejects.toMatchObject({
        code: 'forbidden',
        info: {
          field: '/policy/metrics/0/signal/query',
          remedy: expect.stringContaining('name a configured policy') as string,
        },
      });
      await expect(
        start(world, scoped, { id: `by-selector-${Object.keys(scope)[0]}`, policy: bySelector }),
      ).resolves.toBeDefined();
    }
    await expect(start(world, PIPELINE, { policy: byQuery })).resolves.toBeDefined();
  });

  it.each([
    ['shop', byQuery, 'the source "prom" is for the project "shop", not for "default"'],
    ['*', gauge({ source: 'prmo', query: 'm' }), 'there is no source "prmo" (known: push, prom, mute)'],
    ['*', gauge({ source: 'mute', query: 'm' }), 'the source "mute" has no query language'],
  ])('is refused where that is not to be had: project %s, %j', async (project, policy, message) => {
    const world = await withProm(project);
    await expect(start(world, ADMIN, { policy })).rejects.toMatchObject({
      code: 'invalid',
      message,
      info: {
        field: '/policy/metrics/0/signal/source',
        remedy: expect.stringMatching(/source|selector/) as string,
      },
    });
  });
});

describe('the policy of a deployment', () => {
  it('names an executor only where that may roll back', async () => {
    const world = await createWorld({
      executors: new Map([['shop', { project: '*', service: 'cart', environment: 'prod' }]]),
    });
    await expect(start(world, ADMIN, { service: 'pay' })).rejects.toMatchObject({
      code: 'invalid',
      message: 'the executor "shop" is for the service "cart", not for "pay"',
      info: { field: '/policy/executor', remedy: expect.stringContaining('"service"') as string },
    });
    await expect(start(world, ADMIN, { environment: 'test' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(start(world, ADMIN, { policy: policy({ executor: 'none' }) })).rejects.toMatchObject({
      code: 'invalid',
      info: { field: '/policy/executor' },
    });
    await expect(start(world, ADMIN, {})).resolves.toMatchObject({ state: 'running' });
  });

  it('is no longer carried out by an executor that has since been given another scope', async () => {
    const executors = new Map([['shop', { project: '*', service: '*', environment: '*' }]]);
    const world = await createWorld({ executors });
    const { id } = await start(world, ADMIN, {});
    executors.set('shop', { project: 'default', service: 'pay', environment: '*' });
    await world.look(id, 'rollback');
    expect((await world.store.latestVerdict(id))?.brakes).toMatchObject([
      { brake: 'no-executor', text: expect.stringContaining('for the service "pay"') as string },
    ]);
    await expect(
      world.useCases.requestRollback(ADMIN, id, { reason: 'slow', dryRun: false }),
    ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('"pay"') as string });
  });

  it.each(['constructor', 'toString', '__proto__'])('is found for a service named %s', async (service) => {
    const world = await createWorld();
    await expect(start(world, ADMIN, { service })).resolves.toMatchObject({ policy: { name: 'default' } });
    await expect(start(world, ADMIN, { policy: service })).rejects.toMatchObject({
      code: 'invalid',
      info: { field: '/policy' },
    });
  });
});
