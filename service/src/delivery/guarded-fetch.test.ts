import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startReceiver, status, type Receiver } from './fakes/receiver.js';
import type { Resolver } from './guarded-connect.js';
import {
  createGuardedFetch,
  FetchError,
  type FetchErrorCode,
  type GuardedFetchOptions,
  type GuardedRequest,
} from './guarded-fetch.js';
import { createUrlGuard } from './url-guard.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function receiver(): Promise<Receiver> {
  const started = await startReceiver();
  open.push(started.close);
  return started;
}

/** A server below HTTP, for peers that do not play by the rules. */
async function rawServer(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => sockets.delete(socket));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function client(allow: readonly string[], options: Partial<GuardedFetchOptions> = {}) {
  const guardedFetch = createGuardedFetch(createUrlGuard({ allow }), {
    timeoutMs: 5_000,
    maxResponseBytes: 1_000,
    ...options,
  });
  open.push(guardedFetch.close);
  return (url: string, more: Partial<GuardedRequest> = {}) =>
    guardedFetch({ url, method: 'GET', headers: {}, read: 'whole', ...more });
}

const errorOf = async (promise: Promise<unknown>): Promise<FetchError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FetchError) return error;
  throw new Error(`expected a FetchError, got ${String(error)}`);
};

const loopback = ['127.0.0.0/8'];

describe('an ordinary exchange', () => {
  it('sends method, headers and body, and gives status, headers and body', async () => {
    const there = await receiver();
    there.answerWith(status(201, { 'x-kind': 'A' }, 'grüße'));
    const response = await client(loopback)(`${there.url}?q=1`, {
      method: 'POST',
      headers: { 'x-mine': '1' },
      body: '{"ü":1}',
    });
    expect(response).toMatchObject({ status: 201, body: 'grüße', truncated: false });
    expect(response.header('x-kind')).toBe('A');
    expect(response.header('absent')).toBeUndefined();
    expect(there.requests).toMatchObject([
      {
        method: 'POST',
        path: '/hook?q=1',
        body: '{"ü":1}',
        headers: { 'x-mine': '1', host: `127.0.0.1:${there.port}` },
      },
    ]);
  });

  it('keeps the name in the host header when it connects to the address behind it', async () => {
    const there = await receiver();
    const resolve: Resolver = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    await client([`shop.example:${there.port}`], { resolve })(`http://shop.example:${there.port}/`);
    expect(there.requests[0]?.headers.host).toBe(`shop.example:${there.port}`);
  });
});

describe('the guard at connect time', () => {
  it('refuses without a connection, by URL and by resolved address', async () => {
    const there = await receiver();
    const byText = await errorOf(client([])(`https://127.0.0.1:${there.port}/`));
    expect(byText).toMatchObject({ code: 'refused', retryable: false });
    expect(byText.message).toMatch(
      /^refused \(loopback\): 127\.0\.0\.1 is a loopback address; use a public address, or add/,
    );
    const resolve: Resolver = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const byName = await errorOf(client([], { resolve })(`https://rebind.example:${there.port}/`));
    expect(byName.message).toMatch(/rebind\.example resolves to 127\.0\.0\.1/);
    expect(there.requests).toHaveLength(0);
  });

  it('is not fooled by a name that changes its answer: each connection resolves once and uses what was judged', async () => {
    const there = await receiver();
    const port = there.port;
    let calls = 0;
    // First an allowed loopback address, then one that nobody allowed.
    const resolve: Resolver = () =>
      Promise.resolve([{ address: (calls += 1) === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]);
    const guard = createUrlGuard({ allow: [`127.0.0.1:${port}`] });
    const judged: string[] = [];
    const watching = {
      checkAddress: (target: { host: string; port: number; address: string }) => {
        judged.push(target.address);
        return guard.checkAddress(target);
      },
      // The text check lets the name pass over plain http here, so that only the address check stands in the way.
      checkUrl: (text: string) => ({ kind: 'allowed' as const, url: new URL(text) }),
    };
    const guardedFetch = createGuardedFetch(watching, { timeoutMs: 5_000, maxResponseBytes: 100, resolve });
    open.push(guardedFetch.close);
    const request = {
      url: `http://rebind.example:${port}/`,
      method: 'GET',
      headers: {},
      read: 'whole',
    } as const;
    expect((await guardedFetch(request)).status).toBe(200);
    expect(await errorOf(guardedFetch(request))).toMatchObject({ code: 'refused' });
    expect(judged).toEqual(['127.0.0.1', '127.0.0.2']);
    expect(calls).toBe(2);
    expect(there.requests).toHaveLength(1);
  });

  it('refuses a mixed answer', async () => {
    const resolve: Resolver = () =>
      Promise.resolve([
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]);
    expect((await errorOf(client([], { resolve })('https://mixed.example/'))).message).toMatch(
      /^refused \(private\)/,
    );
  });

  it('never follows a redirect to a private address', async () => {
    const [front, secret] = [await receiver(), await receiver()];
    for (const code of [301, 302, 303, 307, 308]) {
      front.answerWith(status(code, { location: secret.url }));
      expect((await client([`127.0.0.1:${front.port}`])(front.url)).status).toBe(code);
    }
    expect(secret.requests).toHaveLength(0);
  });
});

describe('peers that misbehave', () => {
  it('gives up on a connection that hangs without an answer', async () => {
    const url = await rawServer(() => undefined);
    const startedAtMs = Date.now();
    const error = await errorOf(client(loopback, { timeoutMs: 150 })(url));
    expect(error).toMatchObject({ code: 'timeout', retryable: true });
    expect(error.message).toMatch(/did not answer within 150 ms/);
    expect(Date.now() - startedAtMs).toBeLessThan(4_000);
  });

  it('gives up on headers that drip', async () => {
    const url = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-more: 1\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await errorOf(client(loopback, { timeoutMs: 200 })(url))).toMatchObject({ code: 'timeout' });
  });

  it('takes the status of a body that drips where the status is the answer, and fails where the body is', async () => {
    const there = await receiver();
    there.answerWith((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const call = client(loopback, { timeoutMs: 300 });
    expect(await call(there.url, { read: 'prefix' })).toMatchObject({
      status: 200,
      truncated: true,
      body: expect.stringMatching(/^x*$/) as unknown,
    });
    expect(await errorOf(call(there.url))).toMatchObject({ code: 'timeout' });
  });

  it('reads no more of a huge body than it may, and hangs up', async () => {
    const there = await receiver();
    let closed = 0;
    let sentBytes = 0;
    there.answerWith((_request, response) => {
      response.writeHead(200);
      const push = (): void => {
        while (!response.destroyed && sentBytes < 500e6) {
          sentBytes += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', push);
        }
      };
      response.on('close', () => (closed += 1));
      push();
    });
    const prefix = await client(loopback)(there.url, { read: 'prefix' });
    expect(prefix).toMatchObject({ status: 200, truncated: true });
    expect(prefix.body).toHaveLength(1_000);
    expect(await errorOf(client(loopback)(there.url))).toMatchObject({ code: 'too-large', retryable: false });
    await expect.poll(() => closed).toBe(2);
    expect(sentBytes).toBeLessThan(50e6);
  });

  it('takes a body of exactly the limit', async () => {
    const there = await receiver();
    there.answerWith(status(200, {}, 'x'.repeat(1_000)));
    expect(await client(loopback)(there.url)).toMatchObject({ truncated: false, body: 'x'.repeat(1_000) });
  });

  it.each<readonly [string, (socket: Socket) => unknown, FetchErrorCode]>([
    ['closes at once', (socket) => socket.end(), 'unreachable'],
    ['resets', (socket) => socket.resetAndDestroy(), 'unreachable'],
    ['speaks no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'protocol'],
    [
      'sends headers without end',
      (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`),
      'protocol',
    ],
    [
      'breaks off in the body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'),
      'unreachable',
    ],
  ])('says what is wrong with one that %s', async (_what, onSocket, code) => {
    const url = await rawServer((socket) => {
      socket.once('data', () => onSocket(socket));
    });
    expect(await errorOf(client(loopback)(url))).toMatchObject({ code, retryable: true });
  });

  it('tells a refused connection, a missing name and a failed TLS handshake apart', async () => {
    const there = await receiver();
    const [url, port] = [there.url, there.port];
    expect(await errorOf(client(loopback)(`https://127.0.0.1:${port}/`))).toMatchObject({ code: 'tls' });
    await there.close();
    expect(await errorOf(client(loopback)(url))).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/ECONNREFUSED/) as unknown,
    });
    const resolve: Resolver = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await errorOf(client([], { resolve })('https://nowhere.example/'))).toMatchObject({
      code: 'dns',
      retryable: true,
    });
    const nothing: Resolver = () => Promise.resolve([]);
    expect(await errorOf(client([], { resolve: nothing })('https://nowhere.example/'))).toMatchObject({
      code: 'dns',
    });
  });

  it('gives up on a name that takes too long to resolve', async () => {
    const resolve: Resolver = () => new Promise(() => undefined);
    expect(await errorOf(client([], { resolve, timeoutMs: 100 })('https://slow.example/'))).toMatchObject({
      code: 'timeout',
    });
  });

  it('gives up at the deadline of the request and on its signal even while the name is still being resolved', async () => {
    let resolving = 0;
    const resolve: Resolver = () => {
      resolving += 1;
      return new Promise(() => undefined);
    };
    // The client's own limit also ends the search for the name; two seconds let this test tell the two apart.
    const call = client([], { resolve, timeoutMs: 2_000 });
    const startedAtMs = Date.now();
    expect(await errorOf(call('https://slow.example/', { timeoutMs: 50 }))).toMatchObject({
      code: 'timeout',
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    expect(await errorOf(call('https://slow.example/', { signal: controller.signal }))).toMatchObject({
      code: 'aborted',
    });
    expect(Date.now() - startedAtMs).toBeLessThan(1_800);
    expect(resolving).toBe(2);
  });

  it('stops when its caller says so, before and during', async () => {
    const url = await rawServer(() => undefined);
    const controller = new AbortController();
    const pending = errorOf(client(loopback)(url, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    expect(await pending).toMatchObject({ code: 'aborted' });
    expect(await errorOf(client(loopback)(url, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'aborted',
    });
  });

  it('keeps path and query out of its messages', async () => {
    const there = await receiver();
    await there.close();
    const error = await errorOf(client(loopback)(`${there.url}/T0KEN?key=hush`));
    expect(error.message).not.toMatch(/T0KEN|hush/);
  });
});
