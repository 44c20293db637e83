import { afterAll, beforeAll, expect, it } from 'vitest';
import { mintToken } from '../src/cli/create-token.js';
import { eventually } from './eventually.js';
import { GRAFANA_TOKEN, startGrafanaDouble, type GrafanaDouble } from './grafana-double.js';
import { startGrafanaSigner, type GrafanaSigner } from './grafana-signer.js';
import { startService, type RunningService } from './running-service.js';
import { errorPolicy } from './traffic.js';

const app = mintToken({ name: 'app', role: 'operator', project: '*', service: '*', environment: '*' });
let signer: GrafanaSigner;
let grafana: GrafanaDouble;
let service: RunningService;
beforeAll(async () => {
  signer = await startGrafanaSigner(Date.now());
  grafana = await startGrafanaDouble();
  const allow = [{ users: ['ada'], service: 'cart', environment: 'prod' }];
  service = await startService({
    environment: { ANNOTATIONS_TOKEN: GRAFANA_TOKEN },
    tokens: [{ ...app.entry, grafana: { url: signer.url, allow } }],
    config: {
      policies: { default: { ...errorPolicy(), mode: 'recommend' } },
      annotations: [{ name: 'team', url: `${grafana.url}/`, token: { env: 'ANNOTATIONS_TOKEN' } }],
      egress: { allow: [signer.url, grafana.url].map((url) => new URL(url).host) },
    },
  });
}, 60_000);
afterAll(async () => {
  await service.stop();
  await Promise.all([signer.close(), grafana.close()]);
});

it('writes a deployment down in Grafana, and lets in who clicked there', async () => {
  const body = { id: 'cart-2', service: 'cart', environment: 'prod', version: 'v2', previousVersion: 'v1' };
  expect((await service.request('POST', '/api/v1/deployments', body)).status).toBe(201);
  const written = await eventually('the annotation', () => [...grafana.annotations.values()][0]);
  expect(written.tags).toEqual(expect.arrayContaining(['deployment:cart-2', 'verdict:pending']));
  expect(written.text).toContain(`${service.url}/deployments/cart-2/report`);

  const note = (headers: Readonly<Record<string, string>>) =>
    service.request(
      'POST',
      '/api/v1/deployments/cart-2/notes',
      { text: 'looks fine' },
      { authorization: `Bearer ${app.token}`, ...headers },
    );
  expect((await note({})).status).toBe(403);
  expect((await note({ 'x-grafana-id': await signer.sign('eve') })).status).toBe(403);
  expect((await note({ 'x-grafana-id': await signer.sign('ada') })).status).toBe(201);
  const report = await service.request('GET', '/deployments/cart-2/report.json');
  expect(JSON.stringify(report.body)).toContain('grafana:ada');
  expect(JSON.stringify(report.body)).toContain('grafana-id');
});
