import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFetchScene, fetchErrorOf } from './fakes/fetch-scene.js';
import { status } from './fakes/receiver.js';
import type { Resolver } from './guarded-connect.js';
import type { FetchErrorCode } from './guarded-fetch.js';

const scene = createFetchScene();
afterEach(scene.close);

const loopback = ['127.0.0.0/8'];

describe('peers that misbehave', () => {
  it('gives up on a connection that hangs without an answer', async () => {
    const url = await scene.rawServer(() => undefined);
    const startedAtMs = Date.now();
    const error = await fetchErrorOf(scene.client(loopback, { timeoutMs: 150 })(url));
    expect(error).toMatchObject({ code: 'timeout', retryable: true });
    expect(error.message).toMatch(/did not answer within 150 ms/);
    expect(Date.now() - startedAtMs).toBeLessThan(4_000);
  });

  it('gives up on headers that drip', async () => {
    const url = await scene.rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-more: 1\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await fetchErrorOf(scene.client(loopback, { timeoutMs: 200 })(url))).toMatchObject({
      code: 'timeout',
    });
  });

  it('takes the status of a body that drips where the status is the answer, and fails where the body is', async () => {
    const there = await scene.receiver();
    there.answerWith((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const call = scene.client(loopback, { timeoutMs: 300 });
    expect(await call(there.url, { read: 'prefix' })).toMatchObject({
      status: 200,
      truncated: true,
      body: expect.stringMatching(/^x*$/) as unknown,
    });
    expect(await fetchErrorOf(call(there.url))).toMatchObject({ code: 'timeout' });
  });

  it('reads no more of a huge body than it may, and hangs up', async () => {
    const there = await scene.receiver();
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
    const prefix = await scene.client(loopback)(there.url, { read: 'prefix' });
    expect(prefix).toMatchObject({ status: 200, truncated: true });
    expect(prefix.body).toHaveLength(1_000);
    expect(await fetchErrorOf(scene.client(loopback)(there.url))).toMatchObject({
      code: 'too-large',
      retryable: false,
    });
    await expect.poll(() => closed).toBe(2);
    expect(sentBytes).toBeLessThan(50e6);
  });

  it('takes a body of exactly the limit', async () => {
    const there = await scene.receiver();
    there.answerWith(status(200, {}, 'x'.repeat(1_000)));
    expect(await scene.client(loopback)(there.url)).toMatchObject({
      truncated: false,
      body: 'x'.repeat(1_000),
    });
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
    const url = await scene.rawServer((socket) => {
      socket.once('data', () => onSocket(socket));
    });
    expect(await fetchErrorOf(scene.client(loopback)(url))).toMatchObject({ code, retryable: true });
  });

  it('tells a refused connection, a missing name and a failed TLS handshake apart', async () => {
    const there = await scene.receiver();
    const [url, port] = [there.url, there.port];
    expect(await fetchErrorOf(scene.client(loopback)(`https://127.0.0.1:${port}/`))).toMatchObject({
      code: 'tls',
    });
    await there.close();
    expect(await fetchErrorOf(scene.client(loopback)(url))).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/ECONNREFUSED/) as unknown,
    });
    const resolve: Resolver = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await fetchErrorOf(scene.client([], { resolve })('https://nowhere.example/'))).toMatchObject({
      code: 'dns',
      retryable: true,
    });
    const nothing: Resolver = () => Promise.resolve([]);
    expect(
      await fetchErrorOf(scene.client([], { resolve: nothing })('https://nowhere.example/')),
    ).toMatchObject({
      code: 'dns',
    });
  });

  it('gives up on a name that takes too long to resolve', async () => {
    const resolve: Resolver = () => new Promise(() => undefined);
    expect(
      await fetchErrorOf(scene.client([], { resolve, timeoutMs: 100 })('https://slow.example/')),
    ).toMatchObject({
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
    const call = scene.client([], { resolve, timeoutMs: 2_000 });
    const startedAtMs = Date.now();
    expect(await fetchErrorOf(call('https://slow.example/', { timeoutMs: 50 }))).toMatchObject({
      code: 'timeout',
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    expect(await fetchErrorOf(call('https://slow.example/', { signal: controller.signal }))).toMatchObject({
      code: 'aborted',
    });
    expect(Date.now() - startedAtMs).toBeLessThan(1_800);
    expect(resolving).toBe(2);
  });

  it('stops when its caller says so, before and during', async () => {
    const url = await scene.rawServer(() => undefined);
    const controller = new AbortController();
    const pending = fetchErrorOf(scene.client(loopback)(url, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    expect(await pending).toMatchObject({ code: 'aborted' });
    expect(await fetchErrorOf(scene.client(loopback)(url, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'aborted',
    });
  });

  it('keeps path and query out of its messages', async () => {
    const there = await scene.receiver();
    await there.close();
    const error = await fetchErrorOf(scene.client(loopback)(`${there.url}/T0KEN?key=hush`));
    expect(error.message).not.toMatch(/T0KEN|hush/);
  });
});
