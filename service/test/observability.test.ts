import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { needsServer } from './needs-server.js';
import { startReceiver } from './receiver.js';
import { startService, type RunningService } from './running-service.js';
import { createTraffic, errorPolicy } from './traffic.js';

const SECRET_NAME = 'BELLWETHER_TEST_HOOK';
const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const WARN = 40;

interface LogLine {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
  readonly name: string;
  readonly requestId?: string;
  readonly deploymentId?: string;
  readonly watchId?: string;
  readonly look?: number;
  readonly rollbackId?: string;
  readonly req?: { readonly url: string };
}

let service: RunningService;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let deploymentId = '';
/** Of the whole life of the service. */
let lines: readonly LogLine[] = [];
let metrics = '';
let ready: Awaited<ReturnType<RunningService['request']>>;
let openReady: { readonly status: number; readonly body: unknown };

/** One whole life of the service: start, samples, a bad canary, its rollback, its recovery, stop. */
beforeAll(async () => {
  const canary = { version: 'v2', requestsPerInterval: 120, errorRatio: 0.3 };
  receiver = await startReceiver((message) => {
    if (message.path === '/rollback') canary.errorRatio = 0.002;
    return 200;
  });
  service = await startService({
    config: {
      log: { level: 'debug' },
      egress: { allow: [receiver.host] },
      webhooks: [{ name: 'pipeline', url: `${receiver.url}/hook`, secret: { env: SECRET_NAME } }],
      executors: [
        { kind: 'http', name: 'shop', url: `${receiver.url}/rollback`, secret: { env: SECRET_NAME } },
      ],
      policies: { cart: errorPolicy({ mode: 'act', alpha: 0.01, executor: 'shop', history: '8s' }) },
    },
    environment: { [SECRET_NAME]: SECRET },
  });
  const traffic = createTraffic(
    () => service,
    [{ version: 'v1', requestsPerInterval: 240, errorRatio: 0.002 }, canary],
    200,
  );
  traffic.start();
  await eventually('a little past', () => (traffic.acknowledged.length > 60 ? true : undefined));
  const started = await service.request('POST', '/api/v1/deployments', {
    ...{ service: 'cart', environment: 'prod', version: 'v2', previousVersion: 'v1' },
    ...{ strategy: 'canary', change: { kind: 'code' } },
  });
  deploymentId = String(started.body['id']);
  const recovery = await eventually('a rollback', async () => {
    const { body } = await service.request('GET', `/api/v1/deployments/${deploymentId}`);
    const [rollback] = body['rollbacks'] as { rollbackDeploymentId?: string }[];
    return rollback?.rollbackDeploymentId;
  });
  await eventually('its recovery', async () => {
    const { body } = await service.request('GET', `/api/v1/deployments/${recovery}/verdict?wait=2s`);
    return body['final'] === true ? true : undefined;
  });
  await service.request('GET', '/api/v1/deployments/nobody');
  ready = await service.request('GET', '/readyz');
  const open = await fetch(`${service.url}/readyz`);
  openReady = { status: open.status, body: await open.json() };
  metrics = String((await service.request('GET', '/metrics')).body['text']);
  traffic.stop();
  expect(await service.stop()).toBe(0);
  lines = service
    .log()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);
}, 60_000);
afterAll(() => receiver.stop());

describe('the log of a healthy life', () => {
  it('is JSON throughout, with level, time and words', () => {
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      expect(line).toMatchObject({ name: 'bellwether' });
      expect(line.msg).not.toBe('');
      expect(line.time).toBeGreaterThan(1e12);
    }
  });

  it('holds no error, and no warning that somebody should act on', () => {
    expect(lines.filter(({ level }) => level >= WARN)).toEqual([]);
  });

  it('names deployment, watch and look wherever it speaks of one', () => {
    const looks = lines.filter(({ msg }) => msg === 'a look was taken');
    expect(looks.length).toBeGreaterThan(2);
    const verdicts = lines.filter(({ msg }) => msg === 'the verdict changed');
    expect(verdicts.map((line) => (line as unknown as { verdict: string }).verdict)).toContain('rollback');
    for (const line of [...looks, ...verdicts]) {
      expect(line.deploymentId).toBeTruthy();
      expect(line.watchId).toBeTruthy();
      expect(line.look).toBeGreaterThanOrEqual(0);
    }
    const [rollback] = lines.filter(({ msg }) => msg === 'a rollback came to its end');
    expect(rollback).toMatchObject({ deploymentId, executor: 'shop', outcome: 'executed' });
    expect(rollback?.rollbackId).toBeTruthy();
  });

  it('gives every request an id, and the deployment that it is about', () => {
    const requests = lines.filter(({ req }) => req !== undefined);
    expect(requests.length).toBeGreaterThan(10);
    for (const { requestId, req, deploymentId: about } of requests) {
      expect(requestId).toMatch(/^[\w.:-]{8,}$/);
      const id = /^\/api\/v1\/deployments\/([^/?]+)/.exec(req?.url ?? '')?.[1];
      expect([req?.url, about]).toEqual([req?.url, id]);
    }
  });

  it('writes no key of a line twice', () => {
    const raw = service.log().trimEnd().split('\n');
    for (const line of raw) expect(line.match(/"requestId":/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  it('holds no secret', () => {
    expect(service.log()).not.toContain(SECRET);
    expect(service.log()).not.toMatch(/bw_[A-Za-z0-9-]+_[A-Za-z0-9_-]{43}/);
  });
});

describe('readiness', () => {
  it('tells everyone the status, and holders of a token how each component is', () => {
    expect(openReady).toEqual({ status: 200, body: { status: 'ok' } });
    expect(ready.status).toBe(200);
    expect(ready.body['status']).toBe('ok');
    const components = ready.body['components'] as Record<string, { status: string; detail: string }>;
    expect(Object.keys(components)).toEqual(
      expect.arrayContaining(['store', 'engine', 'scheduler', 'source:push']),
    );
    for (const { status, detail } of Object.values(components))
      expect([detail, status]).toEqual([detail, 'ok']);
  });
});

needsServer('promtool', 'promtool finds no fault with the names of the metrics', () => () => {
  expect(metrics).toContain('bellwether_looks_total');
  const check = spawnSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
  expect(check.stderr + check.stdout).toBe('');
  expect(check.status).toBe(0);
  return Promise.resolve();
});
