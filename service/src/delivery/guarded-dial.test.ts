import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGuardedDial, type DialTarget } from './guarded-dial.js';
import { createUrlGuard } from './url-guard.js';

describe('createGuardedDial', () => {
  let server: Server;
  let port: number;
  let connections = 0;
  beforeEach(async () => {
    connections = 0;
    server = createServer((socket) => {
      connections += 1;
      socket.end('hello');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => void server.close());

  const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
  const dial = (target: Omit<DialTarget, 'port'>, ...allow: string[]) =>
    new Promise<string>((settle) => {
      const socket = createGuardedDial(createUrlGuard({ allow }), resolve)({ port, ...target });
      socket.once('data', (data) => settle(data.toString()));
      socket.once('error', (error) => settle(`${error.name}: ${error.message}`));
    });

  it('connects to an address or name that is allowed', async () => {
    expect(await dial({ host: '127.0.0.1' }, '127.0.0.1')).toBe('hello');
    expect(await dial({ host: 'metrics.example' }, 'metrics.example')).toBe('hello');
  });

  it('connects nowhere else, whatever the name resolves to', async () => {
    for (const host of ['127.0.0.1', 'metrics.example'])
      for (const tls of [{}, { tls: {} }])
        expect(await dial({ host, ...tls })).toMatch(/^RefusedError: refused \(loopback\)/);
    expect(connections).toBe(0);
  });
});
