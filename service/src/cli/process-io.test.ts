import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleState } from './watch/sample-state.test-support.js';

const PROGRAM = new URL('../../bin/bellwether.mjs', import.meta.url).pathname;
const { deployment, verdict, progress } = sampleState();
/** Every question about the watch has a new answer at once. */
let sequence = 0;
const service = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  sequence += 1;
  const answer = pathname.endsWith('/verdict')
    ? { ...verdict, sequence }
    : pathname.endsWith('/progress')
      ? progress
      : deployment;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
let url: string;
beforeAll(async () => {
  await once(service.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
afterAll(() => {
  service.closeAllConnections();
  service.close();
});

function start(args: readonly string[], stdout: 'pipe' | number = 'pipe') {
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', stdout, 'pipe'],
    env: { ...process.env, BELLWETHER_TOKEN: `bw_x_${'y'.repeat(43)}` },
  });
  const ended = once(child, 'exit').then(([status]: readonly unknown[]) => status);
  return { child, ended };
}

const watch = (): readonly string[] => [
  ...[PROGRAM, 'watch', 'd-17', '--json', '--server', url, '--timeout', '20s'],
];

describe('output that cannot be written', () => {
  it('is no verdict when the reader leaves before there is one', async () => {
    const { child, ended } = start(watch());
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await ended).toBe(3);
  });

  it('does not change what was concluded before the reader left', async () => {
    const { child, ended } = start([PROGRAM, '--version']);
    child.stdout?.destroy();
    expect(await ended).toBe(0);
  });

  it.runIf(existsSync('/dev/full'))('is an error on a full disk', async () => {
    const full = openSync('/dev/full', 'w');
    const { child, ended } = start(watch(), full);
    closeSync(full);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await ended).toBe(3);
    expect(said).toContain('the output cannot be written');
  });
});

it.each([
  ['an exception', `throw new Error('a fault')`],
  ['a rejection', `void Promise.reject(new Error('a fault'))`],
])('%s that nobody catches exits with 3, not with the code of a rollback', async (_what, fault) => {
  // As soon as the program has begun.
  const code = `setInterval(() => { if (process.stdout.listenerCount('error') > 0) ${fault}; }, 10);`;
  const { ended } = start(['--import', `data:text/javascript,${encodeURIComponent(code)}`, ...watch()]);
  expect(await ended).toBe(3);
});
