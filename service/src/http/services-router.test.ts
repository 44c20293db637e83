import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem } from '../api/problem.js';
import { startTestServer, type SendOptions, type TestServer } from './test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const body = { id: 'd-1', service: 'checkout', environment: 'production', version: '2' };
  await server.send('POST', '/api/v1/deployments', { body });
});
afterAll(() => server.close());

const feedback = (body: unknown, options: SendOptions = {}) =>
  server.send('POST', '/api/v1/deployments/d-1/feedback', { ...options, body });
const errorsOf = async (response: Response) =>
  problem.parse(await response.json()).errors.map(({ pointer }) => pointer);

describe('feedback', () => {
  it('is from operators, at the revision that they saw, and once for a key', async () => {
    const headers = { 'if-match': '"1"', 'idempotency-key': 'again' };
    const [first, second] = [
      await feedback({ judgement: 'right' }, { headers }),
      await feedback({ judgement: 'right' }, { headers }),
    ];
    expect([first.status, second.status, second.headers.get('idempotent-replayed')]).toEqual([
      201,
      201,
      'true',
    ]);
    expect(await second.json()).toEqual(await first.json());
    for (const role of ['viewer', 'pipeline'] as const)
      expect((await feedback({ judgement: 'right' }, { role })).status).toBe(403);
  });

  it.each([
    [{}, '/judgement'],
    [{ judgement: 'maybe' }, '/judgement'],
    [{ retracts: 'f-1', judgement: 'right' }, '/judgement'],
    [{ metrics: [] }, '/metrics'],
    [{ metrics: [{ name: 'm', relevance: 'loud' }] }, '/metrics/0/relevance'],
    [{ judgement: 'right', verdict: 0 }, '/verdict'],
  ])('%j is refused at its field', async (body, pointer) => {
    const response = await feedback(body);
    expect([response.status, await errorsOf(response)]).toEqual([400, [pointer]]);
  });
});

describe('the calibration of a service', () => {
  it('is found under names that an address must quote', async () => {
    const response = await server.send('GET', '/api/v1/services/shop%2Fcheckout/calibration');
    expect(await response.json()).toMatchObject({
      project: 'default',
      service: 'shop/checkout',
      items: [{ environment: 'production', feedback: 'on', freshChecks: { judged: 0 } }],
    });
    expect((await server.send('GET', '/api/v1/services/a%20b/calibration')).status).toBe(400);
  });

  it('is set back by operators, who say why', async () => {
    const path = '/api/v1/services/checkout/tuning/reset';
    const body = { environment: 'production', reason: 'another team' };
    expect((await server.send('POST', path, { body, role: 'pipeline' })).status).toBe(403);
    const done = await server.send('POST', path, { body, role: 'operator' });
    expect([done.status, await done.json()]).toMatchObject([201, { service: 'checkout', ...body }]);
    const refused = await server.send('POST', path, { body: { environment: 'production' } });
    expect(await errorsOf(refused)).toEqual(['/reason']);
  });
});
