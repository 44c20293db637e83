import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from './free-port.js';

const PROGRAM = new URL('../bin/bellwether.mjs', import.meta.url).pathname;
/** Far more than a start needs; a process that hangs is ended and has no exit code. */
const LIMIT_MS = 20_000;

async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function serve(config: Readonly<Record<string, unknown>>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'bellwether-start-'));
  const file = join(dataDir, 'config.json');
  writeFileSync(file, JSON.stringify({ dataDir, ...config }));
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stderr, dataDir };
}

const hook = { name: 'hook', url: 'https://example.com/hook', secret: { env: 'NO_SUCH_SECRET' } };
const whsec = join(mkdtempSync(join(tmpdir(), 'bellwether-start-')), 'secret');
writeFileSync(whsec, `whsec_${Buffer.alloc(32, 1).toString('base64')}`);
const bad = join(mkdtempSync(join(tmpdir(), 'bellwether-start-')), 'secret');
writeFileSync(bad, 'not a signing secret');

describe('a configuration error that only the start can find', { timeout: 60_000 }, () => {
  it.each([
    [
      'a secret that is missing',
      { webhooks: [hook] },
      '/webhooks/0/secret ("hook"): the environment variable NO_SUCH_SECRET is not set',
    ],
    [
      'a secret that is none',
      { webhooks: [{ ...hook, secret: { file: bad } }] },
      '/webhooks: secret of webhook "hook"',
    ],
    [
      'an address that is refused',
      { webhooks: [{ ...hook, url: 'http://127.0.0.1:9/hook', secret: { file: whsec } }] },
      '/webhooks/0/url: ',
    ],
    [
      'an executor that cannot be',
      { executors: [{ kind: 'command', name: 'shop', argv: ['deploy', 'x{{version}}'] }] },
      '/executors/0: ',
    ],
    ['an allow-list that cannot be read', { egress: { allow: ['10.0.0.0/99'] } }, '/egress/allow: '],
  ])('%s ends the process with 3, and nothing was opened or made', async (_what, config, message) => {
    const port = await freePort();
    const { status, stderr, dataDir } = await serve({ listen: { port }, ...config });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(3);
    expect(existsSync(join(dataDir, 'first-admin-token'))).toBe(false);
    (await listenOn(port)).close();
    const { stdout } = spawnSync(process.execPath, [PROGRAM, 'token', 'list', '--data-dir', dataDir], {
      encoding: 'utf8',
    });
    expect(stdout).toContain('No token is stored');
  });

  it('a port that is taken ends it too, and makes no token', async () => {
    const taken = await listenOn(0);
    const { port } = taken.address() as AddressInfo;
    const { status, stderr, dataDir } = await serve({ listen: { port } });
    taken.close();
    expect([status, stderr]).toEqual([3, expect.stringContaining('something else listens there')]);
    expect(existsSync(join(dataDir, 'first-admin-token'))).toBe(false);
  });
});
