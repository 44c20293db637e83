import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** A real InfluxDB 1.x on free loopback ports, with a folder of its own. */
export interface InfluxServer {
  readonly url: string;
  readonly host: string;
  /** JSON of `/query`, times in milliseconds. */
  query(influxql: string, database?: string): Promise<unknown>;
  /** Line protocol with times in milliseconds. */
  write(database: string, lines: string): Promise<void>;
  stop(): Promise<void>;
}

/** @param options `auth`: `root` with the password `secret` is made; `http` and `coordinator` are added to those sections of the configuration. */
export async function startInflux(
  options: { readonly auth?: boolean; readonly http?: string; readonly coordinator?: string } = {},
): Promise<InfluxServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-influx-'));
  const [port, backupPort] = [await freePort(), await freePort()];
  writeFileSync(
    join(folder, 'influxdb.conf'),
    `reporting-enabled = false
bind-address = "127.0.0.1:${backupPort}"
[meta]
dir = "${folder}/meta"
[data]
dir = "${folder}/data"
wal-dir = "${folder}/wal"
[coordinator]
${options.coordinator ?? ''}
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${port}"
auth-enabled = ${options.auth === true}
${options.http ?? ''}
`,
  );
  const child = spawn('influxd', ['-config', join(folder, 'influxdb.conf')], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const authorization = `Basic ${Buffer.from('root:secret').toString('base64')}`;
  const query = async (influxql: string, database = ''): Promise<unknown> => {
    const response = await fetch(`${url}/query?epoch=ms&db=${encodeURIComponent(database)}`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ q: influxql }),
    });
    return response.json();
  };
  await eventually('InfluxDB', async () => {
    if (child.exitCode !== null) throw new Error('InfluxDB did not start');
    const response = await fetch(`${url}/ping`).catch(() => undefined);
    return response?.status === 204 ? true : undefined;
  });
  if (options.auth === true) await query(`CREATE USER "root" WITH PASSWORD 'secret' WITH ALL PRIVILEGES`);
  return {
    url,
    host: `127.0.0.1:${port}`,
    query,
    async write(database, lines) {
      const response = await fetch(`${url}/write?precision=ms&db=${encodeURIComponent(database)}`, {
        method: 'POST',
        headers: { authorization },
        body: lines,
      });
      if (response.status !== 204) throw new Error(`not written: ${await response.text()}`);
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
