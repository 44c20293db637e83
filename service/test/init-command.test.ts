import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadConfig } from '../src/config/load-config.js';
import { startPrometheus, type MetricServer } from './metric-servers.js';
import { describeWithServer } from './needs-server.js';
import { recordShop } from './recorded-shop.js';

const PROGRAM = new URL('../bin/bellwether.mjs', import.meta.url).pathname;
const MINUTE_MS = 60_000;

async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, 'init', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const status = await new Promise((done) => child.once('close', done));
  return { status, ...said };
}

vi.setConfig({ testTimeout: 120_000 });

describeWithServer('prometheus', 'bellwether init', () => {
  const changeAtMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 45 * MINUTE_MS;
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-init-'));
  let prometheus: MetricServer;
  beforeAll(async () => {
    prometheus = await startPrometheus();
    await prometheus.write(
      recordShop({
        changeAtMs,
        historyMinutes: 1_200,
        liveMinutes: 44,
        service: 'cart',
        share: 1,
        errorRatio: 0.05,
      }),
    );
  }, 60_000);
  afterAll(() => prometheus.stop());

  it('finds the service and its last deployment, writes what the service starts with, and says a first verdict', async () => {
    const { status, stdout, stderr } = await run(
      '--prometheus',
      prometheus.url,
      '--folder',
      folder,
      '--json',
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({
      ...{ label: 'service', service: 'cart', environment: 'prod' },
      lastDeployment: { version: '1.1', previousVersion: '1.0' },
      firstVerdict: { verdict: 'rollback' },
    });
    const { atMs } = result['lastDeployment'] as { atMs: number };
    expect(Math.abs(atMs - changeAtMs)).toBeLessThanOrEqual(MINUTE_MS);
    const config = loadConfig(join(folder, 'bellwether.json'), {});
    expect(config).toMatchObject({
      sources: [{ url: prometheus.url }],
      policyFolder: join(folder, 'policies'),
    });
    expect(readFileSync(join(folder, 'policies', 'cart.yaml'), 'utf8')).toContain('http_errors_total');
  });

  it('overwrites nothing', async () => {
    const { status, stderr } = await run('--prometheus', prometheus.url, '--folder', folder);
    expect(status).toBe(3);
    expect(stderr).toContain('is there already, and is not overwritten');
  });

  it('says what is there when a service is named that is not', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'bellwether-init-'));
    const { status, stderr } = await run(
      '--prometheus',
      prometheus.url,
      '--folder',
      elsewhere,
      '--service',
      'crat',
    );
    expect(status).toBe(3);
    expect(stderr).toContain('no series carries service="crat"; there is cart');
    expect(existsSync(join(elsewhere, 'bellwether.json'))).toBe(false);
  });

  it('says so when nothing like Prometheus answers', async () => {
    const { status, stderr } = await run('--prometheus', 'http://127.0.0.1:9');
    expect(status).toBe(3);
    expect(stderr).toContain('does not answer as Prometheus does');
  });
});
