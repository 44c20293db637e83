import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOW_MS, startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

const checkout = { service: 'checkout', environment: 'production', version: '2.0.0' };
const key = { 'idempotency-key': 'b7f1c1de' };

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

async function start(
  body: unknown,
  headers: Record<string, string>,
  role: 'admin' | 'pipeline' = 'admin',
): Promise<Response> {
  return server.send('POST', '/api/v1/deployments', { role, body, headers });
}

async function count(): Promise<number> {
  const page = (await (await server.send('GET', '/api/v1/deployments')).json()) as { items: unknown[] };
  return page.items.length;
}

describe('Idempotency-Key', () => {
  it('gives the same status, body and address again, and does it once', async () => {
    const first = await start(checkout, key);
    const again = await start(checkout, key);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect([again.status, again.headers.get('location'), again.headers.get('etag')]).toEqual([
      201,
      '/api/v1/deployments/d-1',
      '"1"',
    ]);
    expect(await again.text()).toBe(await first.text());
    expect(await count()).toBe(1);
  });

  it('refuses another body and another address under the same key', async () => {
    await start(checkout, key);
    const other = await start({ ...checkout, version: '3' }, key);
    expect([other.status, await other.json()]).toMatchObject([
      409,
      { type: 'urn:bellwether:problem:key-reused' },
    ]);
    expect(
      (await server.send('POST', '/api/v1/deployments/d-1/finish', { headers: key, body: checkout })).status,
    ).toBe(409);
    expect(await count()).toBe(1);
  });

  it('refuses a second request while the first is in work', async () => {
    await server.close();
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    server = await startTestServer({ loadIdempotent: () => gate.then(() => undefined) });
    const both = [start(checkout, key), start(checkout, key)];
    const early = await Promise.race(both);
    expect([early.status, early.headers.get('retry-after')]).toEqual([409, '1']);
    open();
    expect((await Promise.all(both)).map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await count()).toBe(1);
  });

  it('keeps keys private to a token', async () => {
    await start(checkout, key);
    const other = await start(checkout, key, 'pipeline');
    expect([other.status, other.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect(await count()).toBe(2);
  });

  it('forgets a key after 24 hours', async () => {
    await start(checkout, key);
    server.setNow(NOW_MS + 86_400_000 - 1);
    expect((await start(checkout, key)).headers.get('idempotent-replayed')).toBe('true');
    server.setNow(NOW_MS + 86_400_000);
    expect((await start(checkout, key)).headers.get('idempotent-replayed')).toBeNull();
    expect(await count()).toBe(2);
  });

  it('judges a refused request afresh', async () => {
    expect((await start({ ...checkout, version: '' }, key)).status).toBe(400);
    expect((await start(checkout, key)).status).toBe(201);
  });

  it('covers pushes, and an answer that could not be kept is still the answer', async () => {
    const body = { series: [{ metric: 'm', type: 'gauge', samples: [[NOW_MS, 1]] }] };
    for (const replayed of [null, 'true']) {
      const response = await server.send('POST', '/api/v1/samples', { body, headers: key });
      expect([response.status, response.headers.get('idempotent-replayed')]).toEqual([202, replayed]);
    }
    expect(server.fake.pushed).toHaveLength(1);
    await server.close();
    server = await startTestServer({ saveIdempotent: () => Promise.reject(new Error('conflict')) });
    expect((await start(checkout, key)).status).toBe(201);
    expect(server.logged.filter(({ level }) => level === 40)).toHaveLength(1);
  });

  it('refuses a key that is none', async () => {
    const response = await start(checkout, { 'idempotency-key': 'two words' });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ header: 'idempotency-key' }] },
    ]);
  });
});
