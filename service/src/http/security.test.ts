import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultLimits } from './limits.js';
import { startTestServer, tokenOf } from './test-server.js';
import type { TestServer } from './test-server.js';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const list = '/api/v1/deployments';

async function withHeader(authorization: string, path = list): Promise<Response> {
  return server.send('GET', path, { role: undefined, headers: { authorization } });
}

function basic(token: string): string {
  return `Basic ${Buffer.from(`anyone:${token}`).toString('base64')}`;
}

describe('tokens', () => {
  it.each([
    ['no token', '', 'send the header'],
    ['another scheme', 'Digest abc', 'send the header'],
    ['a malformed token', 'Bearer bw_admin_short', 'the token is malformed'],
    ['an unknown token', `Bearer ${tokenOf('nobody')}`, 'the token is not known'],
    ['an expired token', `Bearer ${tokenOf('expired')}`, 'the token has expired'],
    ['a revoked token', `Bearer ${tokenOf('revoked')}`, 'the token was revoked'],
    ['a Basic password', basic(tokenOf('admin')), 'send the header'],
  ])('refuses %s with a challenge', async (_what, authorization, remedy) => {
    const response = await withHeader(authorization);
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { errors: [{ remedy: expect.stringContaining(remedy) as string }] },
    ]);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="bellwether"/);
  });

  it('refuses a token under the id of another', async () => {
    const [hash, token] = [...server.tokens][0] ?? ['', undefined];
    (server.tokens as Map<string, unknown>).set(hash, { ...token, id: 'other' });
    expect((await withHeader(`Bearer ${tokenOf('viewer')}`)).status).toBe(401);
  });

  it('never reads a token from the query', async () => {
    expect(
      (await server.send('GET', `${list}?access_token=${tokenOf('admin')}`, { role: undefined })).status,
    ).toBe(401);
  });

  it('lets a browser log in on pages, with the token as the password', async () => {
    const challenged = await server.send('GET', '/deployments', { role: undefined });
    expect([challenged.status, challenged.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic realm=/),
    ]);
    const page = await withHeader(basic(tokenOf('viewer')), '/deployments');
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('viewer token')]);
    expect((await withHeader(`Bearer ${tokenOf('viewer')}`, '/deployments')).status).toBe(200);
    const root = await fetch(`${server.url}/`, { redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, 'deployments']);
  });

  it('slows down guessing, and lets good tokens of the same address pass', async () => {
    await server.close();
    server = await startTestServer({ limits: { ...defaultLimits, failedLoginsPerMinute: 3 } });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await withHeader(`Bearer ${tokenOf(`guess${i}`)}`)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    const slowed = await withHeader(`Bearer ${tokenOf('again')}`);
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await withHeader(`Bearer ${tokenOf('viewer')}`)).status).toBe(200);
  });

  it('limits the requests of one token, not of the others', async () => {
    await server.close();
    server = await startTestServer({ limits: { ...defaultLimits, requestsPerMinute: 2 } });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await server.send('GET', list)).status);
    expect(statuses).toEqual([200, 200, 429]);
    const limited = await server.send('GET', list);
    expect([limited.status, Number(limited.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await server.send('GET', list, { role: 'viewer' })).status).toBe(200);
  });
});

describe('open and closed operations', () => {
  it('answers health, readiness and the API description without a token', async () => {
    for (const path of ['/healthz', '/readyz', '/openapi.json']) {
      expect([path, (await server.send('GET', path, { role: undefined })).status]).toEqual([path, 200]);
    }
  });

  it('says that it is not ready, and why to those who hold a token', async () => {
    await server.close();
    const components = { store: { status: 'failing', detail: 'the database is locked' } } as const;
    server = await startTestServer({
      ready: () => Promise.resolve({ status: 'unready', components }),
    });
    const answer = async (role: 'viewer' | 'revoked' | undefined) => {
      const response = await server.send('GET', '/readyz', { role });
      return [response.status, (await response.json()) as { readonly status: unknown }] as const;
    };
    expect(await answer(undefined)).toEqual([503, { status: 'unready' }]);
    expect(await answer('viewer')).toEqual([503, { status: 'unready', components }]);
    expect((await answer('revoked'))[0]).toBe(401);
  });

  it('keeps metrics behind a token unless configured open', async () => {
    expect((await server.send('GET', '/metrics', { role: undefined })).status).toBe(401);
    expect((await server.send('GET', '/metrics', { role: 'viewer' })).status).toBe(200);
    await server.close();
    server = await startTestServer({ metricsOpen: true });
    expect((await server.send('GET', '/metrics', { role: undefined })).status).toBe(200);
  });
});

describe('what goes out', () => {
  it('sends strict headers and a fresh nonce that the page carries', async () => {
    const [one, other] = [await server.send('GET', '/deployments'), await server.send('GET', '/deployments')];
    const policy = one.headers.get('content-security-policy') ?? '';
    const nonce = /style-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    expect(await one.text()).toContain(`nonce="${nonce}"`);
    expect(other.headers.get('content-security-policy')).not.toBe(policy);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|script-src/);
    expect(one.headers.get('x-content-type-options')).toBe('nosniff');
    expect(one.headers.get('x-powered-by')).toBeNull();
  });

  it('logs no token and no stack leaves, and only its own failures are errors', async () => {
    await server.send('POST', list, { body: '{' });
    await withHeader(`Bearer ${tokenOf('nobody')}`);
    await withHeader(basic(tokenOf('admin')), '/deployments');
    expect(server.logged.filter(({ level }) => Number(level) >= 40)).toEqual([]);
    server.fake.failWith(new Error('secret detail'));
    const response = await server.send('GET', list, { headers: { 'x-request-id': 'my-request-1' } });
    const text = await response.text();
    expect([response.status, response.headers.get('x-request-id')]).toEqual([500, 'my-request-1']);
    expect(text).toContain('"requestId":"my-request-1"');
    expect(text).not.toMatch(/secret detail|\.ts|at /);
    await expect
      .poll(() => server.logged.filter(({ level }) => level === 50))
      .toMatchObject([{ requestId: 'my-request-1', err: { message: 'secret detail' } }]);
    expect(JSON.stringify(server.logged)).not.toMatch(/bw_|Basic|Bearer/);
    expect(server.logged.length).toBeGreaterThan(3);
  });

  it('replaces a request id that could forge log lines', async () => {
    const response = await server.send('GET', list, { headers: { 'x-request-id': 'a b"c' } });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
