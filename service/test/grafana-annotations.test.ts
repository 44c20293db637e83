import { afterEach, describe, expect, it } from 'vitest';
import { describeAnnotation } from '../src/app/grafana/describe-annotation.js';
import { createRollbackRunner } from '../src/app/rollback-runner.js';
import { createRecordingLog } from '../src/delivery/fakes/recording-log.js';
import { quickRetries } from '../src/delivery/fakes/outbox-scene.js';
import { createAnnotationChannel } from '../src/delivery/grafana/annotation-channel.js';
import type { AnnotationsTarget } from '../src/delivery/grafana/annotations-api.js';
import { createGuardedFetch } from '../src/delivery/guarded-fetch.js';
import { createOutboxWorker } from '../src/delivery/outbox.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import { ANNOTATED_EVENTS } from '../src/domain/grafana-annotation.js';
import { GRAFANA_TOKEN, startGrafanaDouble, type StoredAnnotation } from './grafana-double.js';
import { ADMIN, createWorld } from './world.js';

const EVERYWHERE = { project: '*', service: '*', environment: '*' };
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Use cases over a real store whose outbox goes to a double of Grafana. */
async function scene(target: Partial<AnnotationsTarget> = {}, policy: object = {}, scope = EVERYWHERE) {
  const grafana = await startGrafanaDouble();
  const world = await createWorld({
    policy: { mode: 'recommend', ...policy },
    endpoints: [{ name: 'grafana:team', events: ANNOTATED_EVENTS, scope }],
  });
  const guardedFetch = createGuardedFetch(createUrlGuard({ allow: ['127.0.0.0/8'] }), {
    timeoutMs: 5_000,
    maxResponseBytes: 16_384,
  });
  const log = createRecordingLog();
  const worker = createOutboxWorker({
    queue: {
      claimDue: (nowMs, limit) => world.store.dueOutbox(nowMs, limit),
      settle: (message) => world.store.transaction((tx) => tx.updateOutbox(message)),
    },
    endpoints: [],
    channels: [
      createAnnotationChannel({
        ...{ name: 'grafana:team', guardedFetch, clock: world.nowMs },
        target: { url: grafana.url, token: GRAFANA_TOKEN, tags: ['team:shop'], ...target },
        describe: (id) => describeAnnotation(world.store, 'https://bellwether.test', id),
      }),
    ],
    ...{ guardedFetch, log, clock: world.nowMs, random: () => 0.5, retry: quickRetries, timeoutMs: 300 },
  });
  open.push(
    () => grafana.close(),
    () => world.store.close(),
    () => guardedFetch.close(),
    () => worker.stop(100),
  );
  /** Delivers what waits, retries included. */
  const drain = async () => {
    for (let round = 0; round < 60; round += 1) {
      await worker.drain();
      if ((await world.store.outbox({ state: 'waiting', limit: 1 })).length === 0) return;
      world.wait(1_000);
    }
  };
  const all = (): readonly StoredAnnotation[] => [...grafana.annotations.values()];
  const dead = () => world.store.outbox({ state: 'dead', limit: 9 });
  return { grafana, world, worker, drain, all, dead };
}

describe('the annotation of a deployment', () => {
  it('is a line at the start, and a region that ends at the verdict and carries it as a tag', async () => {
    const { world, drain, all } = await scene();
    const { id, startedAtMs } = await world.start();
    await drain();
    expect(all()).toEqual([
      {
        id: 101,
        time: startedAtMs,
        timeEnd: startedAtMs,
        tags: [
          ...['bellwether', `deployment:${id}`, 'service:cart', 'environment:prod', 'verdict:pending'],
          'team:shop',
        ],
        text: `<b>cart v2</b> in prod (was v1)<br><a href="https://bellwether.test/deployments/${id}/report">Report</a>`,
      },
    ]);
    await world.look(id, 'rollback');
    await drain();
    const verdict = await world.store.latestVerdict(id);
    expect(all()).toMatchObject([
      {
        ...{ id: 101, time: startedAtMs, timeEnd: verdict?.asOfMs },
        tags: expect.arrayContaining(['verdict:rollback']) as string[],
        text: expect.stringMatching(/^<b>cart v2<\/b> .*<br>.+<br><a /) as string,
      },
    ]);
    expect(all()[0]?.timeEnd).toBeGreaterThan(startedAtMs);
    expect(all()[0]?.tags).not.toContain('verdict:pending');
  });

  it('is made once, whatever is repeated, lost or overtaken', async () => {
    const { grafana, world, drain, all } = await scene();
    const { id } = await world.start();
    // It was written, and the answer never came.
    grafana.makeTrouble(({ method }) => (method === 'POST' && grafana.calls.length < 9 ? 'hang' : undefined));
    await drain();
    grafana.makeTrouble(() => undefined);
    await world.look(id, 'continue');
    await drain();
    const [message] = await world.store.outbox({ state: 'delivered', limit: 1 });
    if (message === undefined) throw new Error('nothing was delivered');
    // As after a crash between the answer and its record.
    await world.store.transaction((tx) =>
      tx.updateOutbox({ ...message, state: 'waiting', nextAttemptAtMs: 0 }),
    );
    await drain();
    expect(all()).toHaveLength(1);
    expect(all()[0]?.tags).toContain('verdict:continue');
  });

  it('comes back when somebody deleted it', async () => {
    const { grafana, world, drain, all } = await scene();
    const { id } = await world.start();
    await drain();
    grafana.makeTrouble(({ method }) => {
      if (method === 'PATCH') grafana.annotations.clear();
      return undefined;
    });
    await world.look(id, 'continue');
    await drain();
    expect(all()).toMatchObject([
      { id: 102, tags: expect.arrayContaining(['verdict:continue']) as string[] },
    ]);
  });

  it('never touches what others wrote, also where a server ignores the filter', async () => {
    const { grafana, world, drain, all } = await scene();
    const foreign = { id: 1, time: 1, timeEnd: 1, tags: ['bellwether'], text: 'mine' };
    grafana.annotations.set(1, foreign);
    const { id } = await world.start();
    await drain();
    expect([all().length, grafana.annotations.get(1)]).toEqual([2, foreign]);
    await world.look(id, 'continue');
    await drain();
    expect([all().length, grafana.annotations.get(1)]).toEqual([2, foreign]);
  });

  it('goes to the dashboard and panel that are configured, for the services that are', async () => {
    const { world, drain, all } = await scene(
      { dashboardUID: 'abc', panelId: 4 },
      {},
      { ...EVERYWHERE, service: 'cart' },
    );
    await world.start();
    await world.start({ service: 'search' });
    await drain();
    expect(all()).toMatchObject([
      { dashboardUID: 'abc', panelId: 4, text: expect.stringContaining('cart') as string },
    ]);
  });

  it('keeps names harmless, and tags within what Grafana stores', async () => {
    const { world, drain, all } = await scene();
    const id = `d${'x'.repeat(120)}`;
    await world.start({ id, version: '<script>alert(1)</script>"', previousVersion: '&' });
    await drain();
    const [one] = all();
    expect(one?.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;');
    expect(one?.text).not.toContain('<script');
    for (const tag of one?.tags ?? [])
      for (const part of tag.split(':')) expect(part.length).toBeLessThanOrEqual(100);
    await world.look(id, 'continue');
    await drain();
    expect(all()).toHaveLength(1);
  });

  it('says that it was rolled back, and marks the rollback as one', async () => {
    const { world, drain, all } = await scene();
    const { id } = await world.start();
    await world.look(id, 'rollback');
    await world.useCases.requestRollback(ADMIN, id, { reason: 'errors', dryRun: false });
    await drain();
    expect(all()[0]?.text).toContain('It is being rolled back.');
    const executor = {
      name: 'shop',
      execute: () => Promise.resolve({ kind: 'executed' as const, detail: 'done' }),
    };
    const runner = createRollbackRunner(world.ctx, new Map([['shop', executor]]), { onEnd: () => undefined });
    runner.wake();
    await expect.poll(async () => (await world.store.deployment(id))?.state).toBe('rolled-back');
    await runner.stop();
    await drain();
    expect(all()[0]).toMatchObject({
      text: expect.stringContaining('It was rolled back.') as string,
      tags: expect.arrayContaining(['rolled-back', 'verdict:rollback']) as string[],
    });
    expect(all()[1]?.tags).toContain('rollback');
  });

  it('tells no verdict of a policy that only observes', async () => {
    const { world, drain, all } = await scene({}, { mode: 'observe' });
    const { id } = await world.start();
    await world.look(id, 'rollback');
    await drain();
    expect(all()[0]?.tags.some((tag) => tag.startsWith('verdict:'))).toBe(false);
  });
});

describe('a Grafana in trouble', () => {
  it.each([
    ['429 with a time to wait', { status: 429, headers: { 'retry-after': '1' } }],
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['no answer', 'hang' as const],
  ])('%s: it is tried again until it works', async (_what, wrong) => {
    const { grafana, world, drain, all } = await scene();
    grafana.makeTrouble(() => (grafana.calls.length <= 2 ? wrong : undefined));
    await world.start();
    await drain();
    expect([all().length, grafana.calls.length]).toEqual([1, 4]);
  });

  it.each([
    ['a wrong token', { token: 'glsa_wrong' }, undefined, /HTTP 401.*annotations\[\]\.token/],
    ['no permission', {}, { status: 403 }, /HTTP 403.*annotations:create/],
    ['no such dashboard', {}, { status: 404 }, /HTTP 404.*dashboardUID/],
    [
      'a login page in between',
      {},
      { status: 302, headers: { location: '/login' } },
      /redirects are not followed/,
    ],
  ])('%s is said with what to do, and no verdict waits for it', async (_what, target, wrong, says) => {
    const { grafana, world, drain, dead } = await scene(target);
    if (wrong !== undefined) grafana.makeTrouble(() => wrong);
    const { id } = await world.start();
    await world.look(id, 'continue');
    expect(await world.store.latestVerdict(id)).toMatchObject({ value: 'continue' });
    await drain();
    const messages = await dead();
    expect(messages.length).toBeGreaterThan(0);
    for (const { lastError } of messages) expect(lastError).toMatch(says);
  });
});
