import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { startService, type ServiceOptions } from './running-service.js';
import { errorPolicy } from './traffic.js';

/** A service whose executor notes every start, takes a while, and then notes that it came to its end. */
async function rollingBack() {
  const dataDir = mkdtempSync(join(tmpdir(), 'bellwether-stop-'));
  const notes = join(dataDir, 'notes');
  const script = `echo "started $BELLWETHER_ROLLBACK_ID" >> ${notes}; sleep 2; echo ended >> ${notes}`;
  const options: ServiceOptions = {
    dataDir,
    config: {
      executors: [{ kind: 'command', name: 'shop', argv: ['/bin/sh', '-c', script] }],
      policies: { default: errorPolicy({ executor: 'shop', watch: '5m' }) },
    },
  };
  const service = await startService(options);
  const started = await service.request('POST', '/api/v1/deployments', {
    service: 'cart',
    environment: 'prod',
    version: 'v2',
    previousVersion: 'v1',
    strategy: 'rolling',
    change: { kind: 'code' },
  });
  const path = `/api/v1/deployments/${String(started.body['id'])}`;
  await service.request('POST', `${path}/rollback`, { reason: 'checkout is slow' });
  const noted = () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []);
  await eventually('the start of the executor', () => noted()[0]);
  return { service, options, path, noted };
}

const rollbackOf = async (service: Awaited<ReturnType<typeof startService>>, path: string) => {
  const { body } = await service.request('GET', path);
  return (body['rollbacks'] as readonly Readonly<Record<string, unknown>>[])[0];
};

describe('a process that ends during a rollback', () => {
  it('stopped, lets the executor come to its end, and the next process does not repeat it', async () => {
    const { service, options, path, noted } = await rollingBack();
    expect(await service.stop()).toBe(0);
    expect(noted()).toHaveLength(2);
    const next = await startService(options);
    expect(await rollbackOf(next, path)).toMatchObject({ state: 'executed', attempts: 1 });
    await next.stop();
    expect(noted()).toHaveLength(2);
  });

  it('killed, has the next process carry it out again under the same id', async () => {
    const { service, options, path, noted } = await rollingBack();
    await service.kill();
    const next = await startService(options);
    const rollback = await eventually('the end of the rollback', async () => {
      const now = await rollbackOf(next, path);
      return now?.['state'] === 'executing' ? undefined : now;
    });
    await next.stop();
    expect(rollback).toMatchObject({ state: 'executed', attempts: 2 });
    const starts = noted().filter((line) => line.startsWith('started'));
    expect(starts).toHaveLength(2);
    expect(new Set(starts).size).toBe(1);
  });
});
