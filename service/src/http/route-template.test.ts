import fc from 'fast-check';
import { expect, it } from 'vitest';
import { routes } from '../api/routes.js';
import { matchRoute } from './route-template.js';
import { startTestServer } from './test-server.js';
import type { AnsweredRequest } from '../telemetry/http-metrics.js';

it.each(routes)('knows $path', ({ path }) => {
  expect(matchRoute(path.replaceAll(/\{[^}]+\}/g, 'x-1')).template).toBe(path);
});

it.each([
  ['/api/v1/deployments/d-1/verdict', '/api/v1/deployments/{id}/verdict', 'd-1'],
  ['/deployments/d-1/report.json', '/deployments/{id}/report.json', 'd-1'],
  ['/api/v1/deployments', '/api/v1/deployments', undefined],
  ['/api/v1/deployments/', 'other', undefined],
  ['/wp-login.php', 'other', undefined],
  ['', 'other', undefined],
])('%s is %s', (path, template, id) => {
  expect(matchRoute(path)).toEqual({ template, ...(id === undefined ? {} : { id }) });
});

it('gives no more templates than there are, whatever clients ask for', () => {
  const known = new Set([...routes.map(({ path }) => path), 'other', '/', '/deployments']);
  const part = fc.constantFrom('api', 'v1', 'deployments', 'report', '{id}', '..', '%2f', 'x');
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 6 }), (parts) => {
      const { template } = matchRoute(`/${parts.join('/')}`);
      return known.has(template) || template.startsWith('/deployments/{id}/report');
    }),
  );
});

it('counts what was answered: good, refused and unknown requests, by template', async () => {
  const answered: AnsweredRequest[] = [];
  const server = await startTestServer({ metrics: { answered: (request) => void answered.push(request) } });
  try {
    await server.send('GET', '/healthz');
    await server.send('GET', '/api/v1/deployments/nobody');
    await server.send('GET', '/api/v1/deployments', { role: undefined });
    await server.send('GET', '/made/up/by/a/client');
    await expect.poll(() => answered.length).toBe(4);
  } finally {
    await server.close();
  }
  expect(answered.map(({ route, method, status }) => [route, method, status])).toEqual([
    ['/healthz', 'GET', 200],
    ['/api/v1/deployments/{id}', 'GET', 404],
    ['/api/v1/deployments', 'GET', 401],
    ['other', 'GET', 404],
  ]);
  expect(answered.every(({ durationMs }) => durationMs > 0)).toBe(true);
});
