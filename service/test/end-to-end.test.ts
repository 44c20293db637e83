import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyStoreAudit } from '../src/cli/store-commands.js';
import { eventually } from './eventually.js';
import { startReceiver } from './receiver.js';
import { startService, type RunningService } from './running-service.js';
import { createTraffic, errorPolicy } from './traffic.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** History that a recovery is compared with. */
const QUIET_MS = 8_000;
const deployment = {
  service: 'cart',
  environment: 'prod',
  version: 'v2',
  previousVersion: 'v1',
  strategy: 'canary',
  change: { kind: 'code' },
};

describe('from pushed samples to a rollback that recovered', () => {
  let service: RunningService;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let traffic: ReturnType<typeof createTraffic>;
  const canary = { version: 'v2', requestsPerInterval: 60, errorRatio: 0.002 };

  beforeAll(async () => {
    receiver = await startReceiver((message) => {
      if (message.path === '/rollback') canary.errorRatio = 0.002;
      return 200;
    });
    const secretFile = join(mkdtempSync(join(tmpdir(), 'bellwether-secret-')), 'secret');
    writeFileSync(secretFile, SECRET);
    service = await startService({
      config: {
        egress: { allow: [receiver.host] },
        webhooks: [
          {
            name: 'pipeline',
            url: `${receiver.url}/hook`,
            secret: { file: secretFile },
            events: ['verdict.changed'],
          },
        ],
        executors: [
          { kind: 'http', name: 'shop', url: `${receiver.url}/rollback`, secret: { file: secretFile } },
        ],
        policies: { cart: errorPolicy({ mode: 'act', alpha: 0.01, executor: 'shop' }) },
      },
    });
    traffic = createTraffic(
      () => service,
      [{ version: 'v1', requestsPerInterval: 240, errorRatio: 0.002 }, canary],
      200,
    );
    traffic.start();
    await sleep(QUIET_MS);
  }, 60_000);
  afterAll(async () => {
    traffic.stop();
    expect(await service.stop()).toBe(0);
    await receiver.stop();
  });

  it('rolls a bad canary back, tells it signed, and proves the recovery', async () => {
    canary.errorRatio = 0.2;
    const started = await service.request('POST', '/api/v1/deployments', deployment);
    expect(started.status).toBe(201);
    const id = String(started.body['id']);
    const verdict = await eventually('a rollback verdict', async () => {
      const { body } = await service.request('GET', `/api/v1/deployments/${id}/verdict?wait=2s`);
      return body['verdict'] === 'rollback' ? body : undefined;
    });
    expect(verdict).toMatchObject({
      guarantee: 'sequential',
      rule: 'calibrated-evidence',
      exitCode: 1,
      brakes: [],
    });
    expect(Number(verdict['p'])).toBeLessThanOrEqual(0.01);

    const told = await eventually('the signed verdict', () =>
      receiver.received.find((m) => m.path === '/hook' && m.text.includes('"verdict":"rollback"')),
    );
    const payload = new Webhook(SECRET).verify(told.text, told.headers as Record<string, string>) as {
      data: { deploymentId: string };
    };
    expect(payload.data.deploymentId).toBe(id);

    const rolledBack = await eventually('the rollback', async () => {
      const { body } = await service.request('GET', `/api/v1/deployments/${id}`);
      return body['state'] === 'rolled-back' ? body : undefined;
    });
    const orders = receiver.received.filter((m) => m.path === '/rollback');
    expect(orders).toHaveLength(1);
    const [rollback] = rolledBack['rollbacks'] as Record<string, unknown>[];
    expect(rollback).toMatchObject({ state: 'executed', automatic: true });

    const recovery = await eventually('the recovery', async () => {
      const { body } = await service.request(
        'GET',
        `/api/v1/deployments/${String(rollback?.['rollbackDeploymentId'])}/verdict?wait=2s`,
      );
      return body['final'] === true ? body : undefined;
    });
    expect(recovery).toMatchObject({ verdict: 'continue' });
    const report = await service.request('GET', `/deployments/${id}/report`);
    expect(report.status).toBe(200);
    expect(String(report.body['text'])).toContain('cart');
    expect(await verifyStoreAudit(service.dataDir)).toMatchObject({ ok: true });
  });

  it('lets a harmless canary continue', async () => {
    const started = await service.request('POST', '/api/v1/deployments', { ...deployment, version: 'v2' });
    const id = String(started.body['id']);
    const verdict = await eventually('a final verdict', async () => {
      const { body } = await service.request('GET', `/api/v1/deployments/${id}/verdict?wait=2s`);
      return body['final'] === true ? body : undefined;
    });
    expect(verdict).toMatchObject({ verdict: 'continue', exitCode: 0 });
  });

  it('never says continue without data', async () => {
    const started = await service.request('POST', '/api/v1/deployments', {
      ...deployment,
      service: 'silent',
      policy: 'cart',
    });
    const id = String(started.body['id']);
    const verdict = await eventually('a final verdict', async () => {
      const { body } = await service.request('GET', `/api/v1/deployments/${id}/verdict?wait=2s`);
      return body['final'] === true ? body : undefined;
    });
    expect(verdict).toMatchObject({ verdict: 'inconclusive', rule: 'not-enough-data', exitCode: 2 });
  });
});
