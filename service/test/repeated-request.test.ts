import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createUseCases } from '../src/app/create-use-cases.js';
import { startTestServer, type TestServer } from '../src/http/test-server.js';
import type { Store } from '../src/store/port.js';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.js';
import { ADMIN, createWorld, type World } from './world.js';

const DAY_MS = 86_400_000;
const body = {
  service: 'cart',
  environment: 'prod',
  version: 'v2',
  previousVersion: 'v1',
};
let server: TestServer;
afterEach(() => server.close());

/** As after a kill between the work and the keeping of its answer. */
async function forgetful(world: World): Promise<TestServer> {
  return startTestServer({
    useCases: world.useCases,
    loadIdempotent: () => Promise.resolve(undefined),
    saveIdempotent: () => Promise.reject(new Error('the process is gone')),
  });
}

async function deployments(world: World): Promise<number> {
  return (await world.useCases.listDeployments(ADMIN, { project: 'default', limit: 50 })).items.length;
}

async function auditedIn(store: Pick<Store, 'audit'>): Promise<readonly string[]> {
  return (await store.audit({ limit: 50 })).map(({ action }) => action);
}

describe('a deployment with an idempotency key whose answer was lost', () => {
  it('is found by the repeat instead of being started twice', async () => {
    const world = await createWorld();
    server = await forgetful(world);
    const post = (change = {}, key = 'k1', role: 'admin' | 'operator' = 'admin') =>
      server.send('POST', '/api/v1/deployments', {
        role,
        body: { ...body, ...change },
        headers: { 'idempotency-key': key },
      });
    const first = await post();
    const again = await post();
    expect([first.status, again.status]).toEqual([201, 201]);
    const text = await first.text();
    expect(await again.text()).toBe(text);
    expect(await deployments(world)).toBe(1);
    expect(await auditedIn(world.store)).toEqual(['deployment.start']);

    world.wait(1_000);
    expect((await post({ version: 'v3' })).status).toBe(409);
    expect((await post({}, 'k2')).status).toBe(201);
    expect((await post({}, 'k1', 'operator')).status).toBe(201);
    expect(await deployments(world)).toBe(3);
    world.wait(DAY_MS);
    expect(await (await post()).text()).not.toBe(text);
    expect(await deployments(world)).toBe(4);
  });

  it('with an id of its own is found, too, and the id is refused under another key', async () => {
    const world = await createWorld();
    server = await forgetful(world);
    const post = (key: string) =>
      server.send('POST', '/api/v1/deployments', {
        body: { ...body, id: 'release-7' },
        headers: { 'idempotency-key': key },
      });
    expect([(await post('k1')).status, (await post('k1')).status]).toEqual([201, 201]);
    expect((await post('k2')).status).toBe(409);
    expect(await deployments(world)).toBe(1);
  });
});

interface Request {
  readonly path: string;
  readonly body: object;
  readonly before?: (world: World, id: string) => Promise<unknown>;
}

const REQUESTS: readonly Request[] = [
  { path: 'steps', body: { name: 'all' }, before: (world) => Promise.resolve(world.wait(60_000)) },
  { path: 'finish', body: {} },
  { path: 'cancel', body: { reason: 'called off' } },
  { path: 'rollback', body: { reason: 'orders fail' } },
  { path: 'rollback', body: { reason: 'what if', dryRun: true } },
  { path: 'continue', body: { reason: 'known noise' }, before: (world, id) => world.look(id, 'pending') },
  {
    path: 'feedback',
    body: { judgement: 'right', comment: 'so it was' },
    before: (world, id) => world.look(id, 'pending'),
  },
  { path: 'checks', body: { name: 'smoke', kind: 'smoke-test', state: 'failed' } },
  { path: 'notes', body: { kind: 'note', text: 'seen' } },
  { path: 'incidents', body: { url: 'https://example.com/1', title: 'Orders fail' } },
  { path: 'acknowledge', body: { comment: 'mine' } },
  { path: 'hold', body: { reason: 'wait for me' } },
  {
    path: 'proceed',
    body: { reason: 'looked at it' },
    before: (world, id) => world.useCases.hold(ADMIN, id, { reason: 'wait', stopsRollback: false }),
  },
];

describe('a request with an idempotency key whose answer was lost', () => {
  it.each(REQUESTS)('POST …/$path $body is carried out once', async ({ path, body: sent, before }) => {
    const world = await createWorld();
    const { id } = await world.start({ plannedSteps: [{ name: 'some' }, { name: 'all' }, { name: 'on' }] });
    await before?.(world, id);
    server = await forgetful(world);
    const earlier = (await auditedIn(world.store)).length;
    const post = () =>
      server.send('POST', `/api/v1/deployments/${id}/${path}`, {
        body: sent,
        headers: { 'idempotency-key': 'k1' },
      });
    const first = await post();
    const text = await first.text();
    expect([first.status < 300, text.length > 2]).toEqual([true, true]);
    const written = await auditedIn(world.store);
    expect(written.length > earlier || 'dryRun' in sent).toBe(true);
    const again = await post();
    expect([again.status, await again.text()]).toEqual([first.status, text]);
    expect(await auditedIn(world.store)).toEqual(written);
  });

  it('is carried out once also when it names the revision that it has changed since', async () => {
    const world = await createWorld();
    const { id } = await world.start();
    server = await forgetful(world);
    const hold = (key: string) =>
      server.send('POST', `/api/v1/deployments/${id}/hold`, {
        body: { reason: 'wait' },
        headers: { 'idempotency-key': key, 'if-match': '"1"' },
      });
    expect([(await hold('k1')).status, (await hold('k1')).status]).toEqual([200, 200]);
    expect((await hold('k2')).status).toBe(412);
  });

  it('is answered by the process that comes after one that was killed in between', async () => {
    const world = await createWorld();
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-repeat-'));
    const clock = () => world.nowMs();
    const open = (file: string) => openSqliteStore({ file: join(folder, file), clock });
    const store = await open('a.db');
    const { id } = await createUseCases({ ...world.ctx, store }, () => undefined).startDeployment(ADMIN, {
      ...{ ...body, project: 'default', strategy: 'rolling', change: { kind: 'code' } },
      ...{ dependsOn: [], labels: {}, links: [], plannedSteps: [] },
    });
    const note = () =>
      server.send('POST', `/api/v1/deployments/${id}/notes`, {
        body: { kind: 'note', text: 'seen' },
        headers: { 'idempotency-key': 'k1' },
      });
    server = await startTestServer({
      useCases: createUseCases({ ...world.ctx, store }, () => undefined),
      loadIdempotent: (project, key) => store.idempotent(project, key),
      saveIdempotent: () => {
        // What lies on the disk at the moment of the kill.
        for (const end of ['', '-wal', '.audit-key.pem'])
          copyFileSync(join(folder, `a.db${end}`), join(folder, `b.db${end}`));
        return Promise.reject(new Error('killed'));
      },
    });
    const first = await (await note()).text();
    await server.close();
    await store.close();

    const restarted = await open('b.db');
    server = await startTestServer({
      useCases: createUseCases({ ...world.ctx, store: restarted }, () => undefined),
      loadIdempotent: (project, key) => restarted.idempotent(project, key),
      saveIdempotent: (answer) => restarted.transaction((tx) => tx.saveIdempotent(answer)),
      clock,
    });
    for (const repeat of [await note(), await note()]) {
      expect([repeat.status, repeat.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
      expect(await repeat.text()).toBe(first);
    }
    expect(await auditedIn(restarted)).toEqual(['deployment.start', 'note.add']);
    expect(await restarted.notes(id)).toHaveLength(1);
    await restarted.close();
  });
});
