import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = join(import.meta.dirname, '../../service/bin/bellwether.mjs');
const START_LIMIT_MS = 30_000;

/** The service's own rules: whoever is an Editor in Grafana may act on these services, and on no other. */
const people = {
  org: 1,
  trustHeaders: true,
  allow: ['checkout', 'cart'].map((service) => ({
    grafanaRoles: ['Editor'],
    service,
    environment: 'production',
  })),
};

/** A real service in a process of its own, with a token for each part that asks it. */
export interface ServiceProcess {
  readonly url: string;
  readonly tokens: { readonly admin: string; readonly read: string; readonly operator: string };
  request(method: string, path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the built service. @throws Error with its log when it does not start */
export async function startService(config: Readonly<Record<string, unknown>>): Promise<ServiceProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-host-'));
  const tokens = { admin: newToken('adm1'), read: newToken('read1'), operator: newToken('oper1') };
  const secret = join(folder, 'webhook-secret');
  writeFileSync(secret, `whsec_${Buffer.alloc(32, 7).toString('base64')}`);
  const file = join(folder, 'config.json');
  const entry = (name: string, role: string, env: string) => ({ name, role, token: { env } });
  writeFileSync(
    file,
    JSON.stringify({
      listen: { port: 0 },
      dataDir: join(folder, 'data'),
      tokens: [
        entry('tests', 'admin', 'HOST_ADMIN_TOKEN'),
        entry('grafana reads', 'viewer', 'HOST_READ_TOKEN'),
        { ...entry('grafana acts', 'operator', 'HOST_OPERATOR_TOKEN'), grafana: people },
      ],
      calibrationCheck: { enabled: false },
      ...JSON.parse(JSON.stringify(config).replaceAll('{{secret}}', secret)),
    }),
  );
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      HOST_ADMIN_TOKEN: tokens.admin,
      HOST_READ_TOKEN: tokens.read,
      HOST_OPERATOR_TOKEN: tokens.operator,
    },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const giveUpAtMs = Date.now() + START_LIMIT_MS;
  let url: string | undefined;
  while (url === undefined) {
    url = /listening on (http:\/\/[^"]+)/.exec(log)?.[1];
    if (child.exitCode !== null || Date.now() > giveUpAtMs)
      throw new Error(`the service did not start:\n${log}`);
    await sleep(20);
  }
  const base = url;
  return {
    url: base,
    tokens,
    async request(method, path, body) {
      const response = await fetch(base + path, {
        method,
        headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return JSON.parse(text) as unknown;
    },
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function newToken(id: string): string {
  return `bw_${id}_${randomBytes(32).toString('base64url')}`;
}
