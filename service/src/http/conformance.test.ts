import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem } from '../api/problem.js';
import { routes } from '../api/routes.js';
import type { Route } from '../api/route.js';
import { NOW_MS, startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const body = {
    ...{ id: 'd-1', service: 'checkout', environment: 'production', version: '2', previousVersion: '1' },
    change: { commit: 'abc', committedAt: '2026-01-31T11:00:00Z', ticket: 'T-1', summary: 'two\nlines' },
    migration: { reversible: true },
    labels: { team: 'payments' },
    links: [{ title: 'CI', url: 'https://ci.example.com' }],
    dependsOn: [{ service: 'cart' }],
  };
  await server.send('POST', '/api/v1/deployments', { body });
  await server.send('POST', '/api/v1/deployments/d-1/steps', { body: {} });
  await server.send('POST', '/api/v1/deployments/d-1/rollback', { body: { reason: 'r' } });
  await server.send('POST', '/api/v1/deployments/d-1/feedback', {
    body: { judgement: 'wrong', comment: 'c' },
  });
  server.fake.decide('d-1', 'inconclusive');
  const times = { nextAttemptAtMs: NOW_MS, createdAtMs: NOW_MS, deliveredAtMs: NOW_MS };
  const message = {
    id: 'm-1',
    endpoint: 'e',
    type: 'verdict.changed',
    body: '{}',
    attempts: 9,
    lastError: 'HTTP 500',
  };
  server.fake.outboxMessages.push({ ...message, ...times, state: 'dead' });
});
afterAll(() => server.close());

const bodies: Readonly<Record<string, unknown>> = {
  startDeployment: { service: 'cart', environment: 'staging', version: '3' },
  overrideContinue: { reason: 'r' },
  requestRollback: { reason: 'r' },
  giveFeedback: { judgement: 'right' },
  reportCheck: {
    name: 'smoke',
    kind: 'smoke-test',
    state: 'passed',
    summary: 's',
    link: 'https://ci.example.com',
  },
  holdDeployment: { reason: 'r', until: '2026-02-01T00:00:00Z' },
  proceedDeployment: { reason: 'r' },
  addNote: { text: 'two\nlines', kind: 'lesson' },
  linkIncident: { url: 'https://incidents.example.com/1', title: 'i' },
  resetTuning: { environment: 'production', reason: 'r' },
  tuneLearnedScorer: { environment: 'production', reason: 'r' },
  revertLearnedScorer: { environment: 'production', reason: 'r' },
  pushSamples: { series: [{ metric: 'm', type: 'gauge', samples: [[NOW_MS, 1]] }] },
  setControls: { killSwitch: true, killSwitchReason: 'maintenance', freezeUntil: '2026-02-01T00:00:00Z' },
};

/** Cancelling comes last of its kind, on a deployment of its own. */
async function pathOf({ id, path }: Route): Promise<string> {
  if (path.includes('{service}')) return path.replace('{service}', 'shop%2Fcheckout');
  if (id === 'discover') return `${path}?service=cart`;
  if (id === 'redeliver') return path.replace('{id}', 'm-1');
  if (id !== 'cancelDeployment') return path.replace('{id}', 'd-1');
  await server.send('POST', '/api/v1/deployments', {
    body: { service: 'x', environment: 'y', version: '1', id: 'd-stop' },
  });
  return path.replace('{id}', 'd-stop');
}

describe.each(routes)('$method $path', (route) => {
  const leaving = new AbortController();
  afterAll(() => leaving.abort());

  it('answers as its schema says', async () => {
    const body = bodies[route.id];
    const options = { ...(body === undefined ? {} : { body }), signal: leaving.signal };
    const response = await server.send(route.method.toUpperCase(), await pathOf(route), options);
    expect(response.status).toBe(route.success);
    const type = response.headers.get('content-type') ?? '';
    expect(type.split(';')[0]).toBe(route.responseType ?? 'application/json');
    if (route.response === undefined) return;
    const answered: unknown = await response.json();
    expect(route.response.safeParse(answered).error?.issues).toBeUndefined();
    expect(unknownKeys(route.response, answered)).toEqual([]);
  });

  it('lets in exactly who holds a token', async () => {
    const response = await server.send(route.method.toUpperCase(), await pathOf(route), {
      role: undefined,
      signal: leaving.signal,
    });
    if (route.role === undefined) expect(response.status).toBe(200);
    else expect([response.status, problem.safeParse(await response.json()).success]).toEqual([401, true]);
  });
});

it.each(routes.filter(({ body }) => body !== undefined))(
  '$method $path refuses an unknown field',
  async (route) => {
    const body = { ...(bodies[route.id] as object | undefined), unheardOf: 1 };
    const response = await server.send(route.method.toUpperCase(), await pathOf(route), { body });
    const answered = problem.parse(await response.json());
    expect([response.status, answered.errors[0]?.pointer]).toEqual([400, '/unheardOf']);
  },
);

const inApi = routes.filter(({ path }) => path.startsWith('/api/v1/'));

it.each(inApi)('$method $path refuses an unknown parameter', async (route) => {
  const body = bodies[route.id];
  const known = await pathOf(route);
  const path = `${known}${known.includes('?') ? '&' : '?'}unheardOf=1`;
  const response = await server.send(route.method.toUpperCase(), path, body === undefined ? {} : { body });
  const answered = problem.parse(await response.json());
  expect([response.status, answered.errors[0]?.parameter]).toEqual([400, 'unheardOf']);
});

/** Top-level keys that the document does not tell of. */
function unknownKeys(schema: NonNullable<Route['response']>, answered: unknown): string[] {
  const shape = (schema as { readonly shape?: object }).shape;
  return shape === undefined
    ? []
    : Object.keys(answered as object).filter((key) => !Object.hasOwn(shape, key));
}
