import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../api/problem.js';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

const checkout = { service: 'checkout', environment: 'production', version: '2.0.0' };

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

async function start(body: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  return server.send('POST', '/api/v1/deployments', { body: { ...checkout, ...body }, headers });
}

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  return (await response.json()) as Problem;
}

describe('starting a deployment', () => {
  it('answers 201 with its address and revision', async () => {
    const response = await start({
      id: 'd-17',
      change: { kind: 'config', committedAt: '2026-01-31T12:30:00+01:00' },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/api/v1/deployments/d-17');
    expect(response.headers.get('etag')).toBe('"1"');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({
      id: 'd-17',
      project: 'default',
      strategy: 'rolling',
      change: { kind: 'config', committedAt: '2026-01-31T11:30:00.000Z' },
      plannedSteps: [{ name: 'full' }],
      startedAt: '2026-01-31T12:00:00.000Z',
      policy: { interval: '1m', watch: '30m', history: '7d' },
    });
  });

  it('takes the project of a scoped token', async () => {
    const response = await server.send('POST', '/api/v1/deployments', { role: 'scoped', body: checkout });
    expect(await response.json()).toMatchObject({ project: 'shop' });
  });

  it('refuses an id that exists with 409', async () => {
    await start({ id: 'twice' });
    const response = await start({ id: 'twice' });
    expect(response.status).toBe(409);
    expect((await problemOf(response)).errors).toEqual([
      { pointer: '/id', detail: 'the id "twice" exists', remedy: 'use another id' },
    ]);
  });

  it.each([
    [
      { enviroment: 'production' },
      '/enviroment',
      'unknown field "enviroment"',
      'did you mean "environment"?',
    ],
    [{ version: undefined }, '/version', 'is missing', 'give a string'],
    [{ version: 2 }, '/version', 'must be a string, not a number', 'give a string'],
    [{ version: 'a\u0007b' }, '/version', 'contains a control character', 'remove it'],
    [{ service: '*' }, '/service', 'is not a name', /begin with a letter/],
    [
      { service: 'x'.repeat(129) },
      '/service',
      'must have at most 128 characters',
      'give at most 128 characters',
    ],
    [{ strategy: 'yolo' }, '/strategy', 'is not one of the known values', /use one of rolling, canary/],
    [{ startedAt: '2026-01-31 12:00' }, '/startedAt', /is not an RFC 3339 time/, /write it as/],
    [{ startedAt: '2026-01-31T12:10:01Z' }, '/startedAt', /lies 601 s in the future/, /check the clock/],
    [{ startedAt: '1999-01-31T12:10:01Z' }, '/startedAt', /lies \d+ days in the past/, /check the clock/],
    [
      { links: [{ title: 'x', url: 'javascript:alert(1)' }] },
      '/links/0/url',
      'is not an address',
      /begins with https/,
    ],
    [
      { links: [{ title: 'x', url: 'https://me:secret@example.com' }] },
      '/links/0/url',
      'is not an address',
      /no password/,
    ],
    [{ labels: { 'a b': 'c' } }, '/labels/a b', 'is not a label name', /use letters/],
    [{ labels: { a: 7 } }, '/labels/a', 'must be a string', 'put the value in quotes'],
    [{ labels: { a: 'v'.repeat(1_025) } }, '/labels/a', 'is too long', 'use at most 1024 characters'],
    [
      { labels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, 'x'])) },
      '/labels',
      'has 65 labels',
      'give at most 64',
    ],
    [{ policy: { alhpa: 0.1, metrics: [] } }, '/policy/metrics', /at least 1/, /at least 1/],
    [
      { plannedSteps: [{ name: 'canary', trafficShare: 5 }] },
      '/plannedSteps/0/trafficShare',
      'must be at most 1',
      /at most 1/,
    ],
  ])('refuses %j naming field and remedy', async (change, pointer, detail, remedy) => {
    const response = await start(change);
    expect(response.status).toBe(400);
    const problem = await problemOf(response);
    const text = (wanted: string | RegExp): unknown =>
      typeof wanted === 'string' ? wanted : expect.stringMatching(wanted);
    expect(problem.errors[0]).toEqual({ pointer, detail: text(detail), remedy: text(remedy) });
    expect(problem.detail).toContain(pointer);
  });

  it('refuses __proto__ wherever it stands', async () => {
    for (const body of [
      '{"__proto__":{}}',
      '{"labels":{"__proto__":"x"}}',
      '{"policy":{"metrics":[],"groupWeights":{"__proto__":1}}}',
    ]) {
      const merged = `${JSON.stringify(checkout).slice(0, -1)},${body.slice(1)}`;
      const response = await server.send('POST', '/api/v1/deployments', { body: merged });
      expect([body, response.status]).toEqual([body, 400]);
    }
  });

  it('names the position of malformed JSON', async () => {
    const response = await server.send('POST', '/api/v1/deployments', { body: '{\n "service": checkout }' });
    expect(response.status).toBe(400);
    expect((await problemOf(response)).detail).toBe(
      'the JSON has an unexpected character at position 14 (line 2, column 13); correct the JSON there',
    );
  });

  it('refuses a body that is too big or of another kind', async () => {
    const big = await start({ version: 'x'.repeat(1_100_000) });
    expect(big.status).toBe(413);
    expect((await problemOf(big)).errors[0]).toMatchObject({
      detail: 'the limit is 1048576 bytes',
      remedy: 'split the request',
    });
    const form = await start({}, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form.status).toBe(415);
    expect((await problemOf(form)).detail).toContain('application/json');
  });
});

describe('reading deployments', () => {
  it('pages with a Link to the next page that keeps the filters', async () => {
    for (const id of ['a', 'b', 'c']) await start({ id });
    const first = await server.send('GET', '/api/v1/deployments?limit=2&service=checkout');
    expect(await first.json()).toMatchObject({ items: [{ id: 'a' }, { id: 'b' }], nextCursor: '2' });
    const next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await server.send('GET', next);
    expect(await second.json()).toMatchObject({
      items: [{ id: 'c', latestVerdict: { verdict: 'pending' } }],
    });
    expect(second.headers.get('link')).toBeNull();
  });

  it.each([
    ['limit=0', 'limit', 'is out of range'],
    ['limit=ten', 'limit', 'is not a whole number'],
    ['serivce=x', 'serivce', 'unknown field "serivce"'],
    ['state=done', 'state', 'is not one of the known values'],
    ['label=team', 'label', 'is not a label'],
    ['from=yesterday', 'from', 'is not an RFC 3339 time with an offset'],
    ['service=a&service=b', 'service', 'must be a string, not an array'],
  ])('refuses the query %s', async (query, parameter, detail) => {
    const response = await server.send('GET', `/api/v1/deployments?${query}`);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).errors[0]).toMatchObject({ parameter, detail });
  });

  it('answers 404, 403 and 405 with the remedy', async () => {
    await start({ id: 'd-1', service: 'cart' });
    expect((await server.send('GET', '/api/v1/deployments/none')).status).toBe(404);
    expect((await server.send('GET', '/api/v1/deployments/d-1', { role: 'scoped' })).status).toBe(403);
    const wrong = await server.send('DELETE', '/api/v1/deployments/d-1');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    expect((await problemOf(await server.send('GET', '/api/v1/nothing'))).detail).toContain('/openapi.json');
  });
});

describe('moving a deployment', () => {
  it('steps, finishes, and takes requests without a body', async () => {
    await start({ id: 'd-1' });
    const step = await server.send('POST', '/api/v1/deployments/d-1/steps', {
      body: { name: 'full', startedAt: '2026-01-31T12:05:00Z' },
    });
    expect([step.status, await step.json()]).toEqual([
      201,
      { deploymentId: 'd-1', index: 0, name: 'full', startedAt: '2026-01-31T12:05:00.000Z' },
    ]);
    const finished = await server.send('POST', '/api/v1/deployments/d-1/finish');
    expect([finished.status, finished.headers.get('etag')]).toEqual([200, '"2"']);
    expect(
      (await server.send('POST', '/api/v1/deployments/d-1/cancel', { body: { reason: 'late' } })).status,
    ).toBe(409);
  });

  it('holds If-Match to the present revision', async () => {
    await start({ id: 'd-1' });
    const stale = await server.send('POST', '/api/v1/deployments/d-1/finish', {
      headers: { 'if-match': '"7"' },
    });
    expect(stale.status).toBe(412);
    expect((await problemOf(stale)).errors[0]).toMatchObject({
      header: 'if-match',
      remedy: 'read the deployment again',
    });
    const matched = await server.send('POST', '/api/v1/deployments/d-1/finish', {
      headers: { 'if-match': '"1"' },
    });
    expect(matched.status).toBe(200);
  });

  it('asks for a rollback, dry or real, and overrides', async () => {
    await start({ id: 'd-1' });
    const dry = await server.send('POST', '/api/v1/deployments/d-1/rollback', {
      body: { reason: 'errors', dryRun: true },
    });
    expect([dry.status, await dry.json()]).toMatchObject([
      202,
      { dryRun: true, state: 'requested', reason: 'errors' },
    ]);
    const detail = await server.send('GET', '/api/v1/deployments/d-1');
    expect(await detail.json()).toMatchObject({ rollbacks: [] });
    const unreasoned = await server.send('POST', '/api/v1/deployments/d-1/rollback', { role: 'operator' });
    expect((await problemOf(unreasoned)).errors[0]).toMatchObject({ pointer: '/reason', remedy: 'say why' });
    const override = await server.send('POST', '/api/v1/deployments/d-1/continue', {
      role: 'operator',
      body: { reason: 'load test' },
    });
    expect([override.status, await override.json()]).toMatchObject([
      200,
      { verdict: 'continue', exitCode: 0 },
    ]);
    const viewer = await server.send('POST', '/api/v1/deployments/d-1/rollback', {
      role: 'viewer',
      body: { reason: 'x' },
    });
    expect(viewer.status).toBe(403);
  });
});
