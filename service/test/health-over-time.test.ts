import { describe, expect, it } from 'vitest';
import { health } from '../src/api/health.js';
import type { Caller } from '../src/app/use-cases.js';
import { startTestServer } from '../src/http/test-server.js';
import { ADMIN, createWorld } from './world.js';

const DAY_MS = 86_400_000;

/** Five releases of the cart on two days, one of search, and a rollback, which is none. */
async function scene() {
  const world = await createWorld({ policy: { mode: 'recommend' } });
  const fromMs = world.nowMs();
  const judged = async (says: 'continue' | 'rollback', change: object = {}) => {
    const { id } = await world.start(change);
    await world.look(id, says);
    world.wait(60_000);
    return id;
  };
  await judged('continue');
  const wrong = await judged('rollback');
  await world.useCases.giveFeedback(ADMIN, wrong, { judgement: 'false-rollback' });
  world.wait(DAY_MS);
  await judged('rollback');
  await world.useCases.cancelDeployment(ADMIN, (await world.start()).id);
  await world.start();
  await judged('continue', { service: 'search', environment: 'staging' });
  await world.store.transaction(async (tx) => {
    const [newest] = (await tx.deployments({ project: 'default', service: 'cart', limit: 1 })).items;
    if (newest === undefined) throw new Error('nothing is deployed');
    await tx.insertDeployment({ ...newest, id: 'back', rollbackOf: newest.id });
    for (const [index, outcome] of (['quiet', 'rolled-back', 'not-judged', 'guard-rail'] as const).entries())
      await tx.insertFreshCheck({
        ...{ project: 'default', service: 'cart', environment: 'prod', outcome, policy: 'default' },
        ...{
          momentMs: fromMs + index,
          checkedAtMs: fromMs,
          alpha: 0.05,
          p: 0.5,
          guarantee: 'placebo',
          engineVersion: '1',
        },
      });
  });
  const view = (change: object = {}, caller: Caller = ADMIN) =>
    world.useCases.viewHealth(caller, {
      ...{ project: 'default', fromMs, toMs: world.nowMs() + 1, everyMs: DAY_MS, limit: 20 },
      ...change,
    });
  return { world, view, fromMs };
}

describe('health over time', () => {
  it('counts releases, verdicts, failed changes, times and quiet moments by period', async () => {
    const { world, view, fromMs } = await scene();
    const { items, last } = await view();
    expect(last).toBeUndefined();
    const [cart, search] = items;
    expect(cart).toMatchObject({
      place: { service: 'cart', environment: 'prod' },
      total: {
        deployments: 5,
        verdicts: { continue: 1, rollback: 2, pending: 1 },
        changeFailures: { count: 1, of: 3, rate: 1 / 3 },
        secondsToVerdict: { count: 3 },
        freshChecks: { count: 1, of: 2, rate: 0.5 },
      },
      periods: [
        {
          fromMs,
          toMs: fromMs + DAY_MS,
          deployments: 2,
          changeFailures: { count: 0, of: 2 },
          freshChecks: { of: 2 },
        },
        {
          fromMs: fromMs + DAY_MS,
          deployments: 3,
          changeFailures: { count: 1, of: 1 },
          freshChecks: { of: 0 },
        },
      ],
    });
    const { changeFailures, secondsToVerdict } = cart?.total ?? {};
    expect(changeFailures?.low).toBeLessThan(1 / 3);
    expect(changeFailures?.high).toBeGreaterThan(1 / 3);
    const [first] = (
      await world.store.deployments({ project: 'default', service: 'cart', limit: 9 })
    ).items.toReversed();
    const verdicts = (await world.store.verdicts(first?.id ?? '')).toReversed();
    const waited = ((verdicts[0]?.decidedAtMs ?? 0) - (first?.startedAtMs ?? 0)) / 1_000;
    expect(waited).toBeGreaterThan(0);
    expect(secondsToVerdict).toEqual({ count: 3, median: waited, p90: waited });
    expect(search).toMatchObject({ place: { service: 'search' }, total: { deployments: 1 } });
    await world.store.close();
  });

  it('comes in pages, and shows what the caller may see', async () => {
    const { world, view } = await scene();
    const first = await view({ limit: 1 });
    expect(first.items.map(({ place }) => place.service)).toEqual(['cart']);
    const second = await view({ limit: 1, ...(first.last === undefined ? {} : { after: first.last }) });
    expect([second.items.map(({ place }) => place.service), second.last]).toEqual([['search'], undefined]);
    const scoped: Caller = { ...ADMIN, role: 'viewer', environment: 'staging' };
    expect((await view({}, scoped)).items.map(({ place }) => place.service)).toEqual(['search']);
    await expect(view({ environment: 'prod' }, scoped)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await view({ service: 'nobody' })).items).toEqual([]);
    await world.store.close();
  });

  it('is served as its schema says, page by page; what makes no sense is refused by name', async () => {
    const { world, fromMs } = await scene();
    const server = await startTestServer({ useCases: world.useCases, clock: () => world.nowMs() });
    const get = (query: string) => server.send('GET', `/api/v1/health?${query}`);
    const page = health.parse(await (await get('limit=1&every=1d')).json());
    expect([page.items[0]?.service, page.from < new Date(fromMs).toISOString()]).toEqual(['cart', true]);
    const next = health.parse(await (await get(`limit=1&cursor=${page.nextCursor ?? ''}`)).json());
    expect([next.items[0]?.service, next.nextCursor]).toEqual(['search', undefined]);
    for (const [query, parameter] of [
      ['every=1m', 'every'],
      ['cursor=abc', 'cursor'],
      ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
      ['from=2020-01-01T00:00:00Z&every=1h', 'every'],
    ] as const) {
      const response = await get(query);
      expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ parameter }] }]);
    }
    await server.close();
    await world.store.close();
  });
});
