import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { CommandIo } from '../command-io.js';
import { examine } from './examine.js';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A service that is well, but for what it answers to `/readyz`. */
async function serviceThat(answersReadyz: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/readyz') answersReadyz(response);
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[]}');
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ioWith = (environment: CommandIo['environment']): CommandIo => ({
  environment: { BELLWETHER_TOKEN: `bw_x_${'y'.repeat(43)}`, ...environment },
  out: () => undefined,
  err: () => undefined,
  isTerminal: false,
  columns: 80,
  setExitCode: () => undefined,
  stop: new AbortController().signal,
});
const ready = (response: ServerResponse): void => void response.end('{"status":"ok"}');
/** A folder that would fail, were it looked at. */
const BELLWETHER_DATA_DIR = '/dev/null/nowhere';

describe('doctor for a service elsewhere', () => {
  it.each(['--server', 'BELLWETHER_URL'])('named by %s looks at nothing on this machine', async (saidBy) => {
    const url = await serviceThat(ready);
    const findings = await examine(
      saidBy === '--server' ? { server: url } : {},
      false,
      ioWith({ BELLWETHER_DATA_DIR, ...(saidBy === '--server' ? {} : { BELLWETHER_URL: url }) }),
    );
    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'server ok',
      'clock ok',
      'access ok',
      'ready ok',
    ]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['is cut off', (response) => response.destroy()],
    ['is a page', (response) => response.end('<p>Bad gateway</p>')],
  ])('goes on when the answer about its parts %s', async (_what, answer) => {
    const findings = await examine({ server: await serviceThat(answer) }, false, ioWith({}));
    const ofReady = findings.find(({ check }) => check === 'ready');
    expect(ofReady).toMatchObject({ status: 'fail' });
    expect(ofReady?.detail).toContain('/readyz gives no answer that can be read');
    expect(findings.find(({ check }) => check === 'access')).toMatchObject({ status: 'ok' });
  });
});
