import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../src/http/test-server.js';
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
    expect((await world.store.audit({ limit: 50 })).map((entry) => entry.action)).toEqual([
      'deployment.start',
    ]);

    world.wait(1_000);
    expect((await post({ version: 'v3' })).status).toBe(201);
    expect((await post({}, 'k2')).status).toBe(201);
    expect((await post({}, 'k1', 'operator')).status).toBe(201);
    expect(await deployments(world)).toBe(4);
    world.wait(DAY_MS);
    expect(await (await post()).text()).not.toBe(text);
    expect(await deployments(world)).toBe(5);
  });

  it('keeps the id that the client gave, and refuses it the second time', async () => {
    const world = await createWorld();
    server = await forgetful(world);
    const post = () =>
      server.send('POST', '/api/v1/deployments', {
        body: { ...body, id: 'release-7' },
        headers: { 'idempotency-key': 'k1' },
      });
    expect([(await post()).status, (await post()).status]).toEqual([201, 409]);
    expect(await deployments(world)).toBe(1);
  });
});
