import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { eventually } from './eventually.js';
import { needsServer } from './needs-server.js';
import { startService, type RunningService } from './running-service.js';

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

needsServer('prometheus', 'a real Prometheus scrapes /metrics', () => {
  let service: RunningService | undefined;
  let stopPrometheus = (): void => undefined;
  afterAll(async () => {
    stopPrometheus();
    await service?.stop();
  });

  return async () => {
    service = await startService({ config: { openMetrics: true } });
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-prometheus-'));
    const target = new URL(service.url).host;
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `scrape_configs:\n  - job_name: bellwether\n    scrape_interval: 1s\n    static_configs:\n      - targets: ['${target}']\n`,
    );
    const port = await freePort();
    const prometheus = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    stopPrometheus = () => prometheus.kill('SIGTERM');

    const query = async (promql: string): Promise<string | undefined> => {
      const response = await fetch(
        `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(promql)}`,
      ).catch(() => undefined);
      const body = (await response?.json().catch(() => undefined)) as
        { data?: { result?: { value?: [number, string] }[] } } | undefined;
      return body?.data?.result?.[0]?.value?.[1];
    };
    const up = await eventually(
      'a scrape',
      async () => ((await query('up{job="bellwether"}')) === '1' ? '1' : undefined),
      30_000,
    );
    expect(up).toBe('1');
    expect(await query('bellwether_watches_active')).toBe('0');
    expect(Number(await query('bellwether_samples_stored_total'))).toBe(0);
  };
});
