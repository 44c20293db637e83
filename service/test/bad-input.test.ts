import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_FILE } from '../src/cli/store-commands.js';
import { startService, type RunningService } from './running-service.js';

const YEARS_MS = 3 * 366 * 86_400_000;
const metric = {
  name: 'm',
  kind: 'latency',
  unit: 's',
  signal: { type: 'gauge', series: { metric: 'm', labels: {} } },
};
const deployment = {
  service: 'cart',
  environment: 'prod',
  version: 'v2',
  strategy: 'rolling',
  change: { kind: 'code' },
  policy: { metrics: [metric] },
};
const series = { metric: 'm', labels: { service: 'cart' }, type: 'gauge', samples: [[Date.now(), 1]] };

describe('bad input at a running service', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startService();
  }, 30_000);
  afterAll(() => service.stop());

  it.each([
    [
      'an unknown field',
      'deployments',
      { ...deployment, verison: 'v2' },
      400,
      '/verison',
      /did you mean "version"/,
    ],
    [
      'a bare number for a duration',
      'deployments',
      { ...deployment, policy: { metrics: [metric], watch: 30 } },
      400,
      '/policy/watch',
      /"30s"/,
    ],
    [
      'a start years ahead',
      'deployments',
      { ...deployment, startedAt: new Date(Date.now() + YEARS_MS).toISOString() },
      400,
      '/startedAt',
      /clock/,
    ],
    [
      'a start years ago',
      'deployments',
      { ...deployment, startedAt: new Date(Date.now() - YEARS_MS).toISOString() },
      400,
      '/startedAt',
      /clock/,
    ],
    [
      'a canary without the version beside it',
      'deployments',
      { ...deployment, strategy: 'canary' },
      400,
      '/previousVersion',
      /control group/,
    ],
    [
      'a sample years ahead',
      'samples',
      { series: [{ ...series, samples: [[Date.now() + YEARS_MS, 1]] }] },
      400,
      '/series/0/samples/0/0',
      /clock/,
    ],
    [
      'seconds for milliseconds',
      'samples',
      { series: [{ ...series, samples: [[Math.floor(Date.now() / 1000), 1]] }] },
      400,
      '/series/0/samples/0/0',
      /milliseconds/,
    ],
    ['the same series twice', 'samples', { series: [series, series] }, 400, '/series/1', /once/],
  ])(
    '%s: names the field and the remedy, and stores nothing',
    async (_what, path, body, status, pointer, remedy) => {
      const answer = await service.request('POST', `/api/v1/${path}`, body);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      const [error] = answer.body['errors'] as Record<string, string>[];
      expect(error?.['pointer']).toBe(pointer);
      expect(`${error?.['detail'] ?? ''}; ${error?.['remedy'] ?? ''}`).toMatch(remedy);
      const { body: list } = await service.request('GET', '/api/v1/deployments');
      expect(list['items']).toEqual([]);
    },
  );

  it('a value that is not finite, a body that is no JSON, one that is too big: each has its answer', async () => {
    const infinite = JSON.stringify({ series: [series] }).replace(/,1\]/, ',1e999]');
    expect((await service.request('POST', '/api/v1/samples', infinite)).body).toMatchObject({
      errors: [{ pointer: '/series/0/samples/0/1', detail: 'is not finite' }],
    });
    expect((await service.request('POST', '/api/v1/samples', '{"series": [')).status).toBe(400);
    expect((await service.request('POST', '/api/v1/samples', `"${'x'.repeat(2_000_000)}"`)).status).toBe(413);
  });

  it('a duplicate id: says so, and the first one stays', async () => {
    const first = await service.request('POST', '/api/v1/deployments', { ...deployment, id: 'cart-7' });
    expect(first.status).toBe(201);
    const again = await service.request('POST', '/api/v1/deployments', {
      ...deployment,
      id: 'cart-7',
      version: 'v3',
    });
    expect(again).toMatchObject({ status: 409, body: { errors: [{ pointer: '/id' }] } });
    const { body } = await service.request('GET', '/api/v1/deployments/cart-7');
    expect(body).toMatchObject({ version: 'v2', state: 'running' });
  });

  it('logs none of it as an error: nobody has to act', () => {
    const levels = service
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => (JSON.parse(line) as { level: number }).level);
    expect(levels.length).toBeGreaterThan(5);
    expect(levels.filter((level) => level >= 50)).toEqual([]);
  });
});

describe('a database of a newer version', () => {
  it('is refused untouched, with both versions and the remedy', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'bellwether-newer-'));
    const first = await startService({ dataDir });
    await first.stop();
    const db = new Database(join(dataDir, DATABASE_FILE));
    db.prepare(
      "INSERT INTO migration SELECT 99, 'from the future', checksum, applied_at_ms FROM migration LIMIT 1",
    ).run();
    db.close();
    await expect(startService({ dataDir })).rejects.toThrow(/version 99[\s\S]*(newer|upgrade|later)/);
  });
});
