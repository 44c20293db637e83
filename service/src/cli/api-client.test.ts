import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createApiClient, type ApiRequest } from './api-client.js';
import { ApiError } from './api-error.js';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Step = (response: ServerResponse) => void;
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Step =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const problem = (status: number, title: string, errors: readonly object[] = [], headers = {}): Step =>
  json(status, { type: 't', title, status, detail: 'the detail', requestId: 'r-1', errors }, headers);
const cut: Step = (response) => void response.destroy();

/** A server that answers as scripted, and what it was asked. */
async function serve(...script: readonly Step[]) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    script[Math.min(asked.length, script.length) - 1]?.(response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createApiClient({
    baseUrl,
    saidBy: '--server',
    token: 'bw_t',
    signal: new AbortController().signal,
  });
  const call = (request: Partial<ApiRequest> = {}) => client.call({ method: 'GET', path: '/x', ...request });
  const refusedWith = async (request: Partial<ApiRequest> = {}): Promise<ApiError> => {
    const error: unknown = await call({ retries: 0, ...request }).catch((caught: unknown) => caught);
    if (!(error instanceof ApiError)) throw new Error('it was not refused');
    return error;
  };
  return { asked, call, refusedWith };
}

describe('the API client', () => {
  it('sends the token, the query without what is not given, and a key for every POST', async () => {
    const { asked, call } = await serve(json(200, { a: 1 }));
    expect(await call({ query: { service: 'cart & co', state: undefined } })).toEqual({ a: 1 });
    await call({ method: 'POST', body: {} });
    expect(asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/x?service=cart+%26+co', 'Bearer bw_t'],
      ['/x', 'Bearer bw_t'],
    ]);
    expect(asked.map(({ headers }) => typeof headers['idempotency-key'])).toEqual(['undefined', 'string']);
  });

  it('tries again with the same key when the answer was lost, and waits as long as it is told to', async () => {
    const { asked, call } = await serve(
      cut,
      problem(429, 'slow down', [], { 'retry-after': '1' }),
      json(201, { id: 'd' }),
    );
    const began = Date.now();
    expect(await call({ method: 'POST', body: {} })).toEqual({ id: 'd' });
    expect(Date.now() - began).toBeGreaterThan(1_300);
    expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('takes an answer that was cut off for a lost connection', async () => {
    const half: Step = (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"d-1","sta');
    const { asked, call, refusedWith } = await serve(half, json(200, { id: 'd-1' }), half);
    expect(await call()).toEqual({ id: 'd-1' });
    expect(asked).toHaveLength(2);
    const { message, info } = await refusedWith();
    expect(message).toContain('its answer was cut off');
    expect(info).toEqual({ retryable: true });
  });

  it('does not try again what is refused, nor wait longer than anybody would', async () => {
    const refused = await serve(problem(404, 'There is nothing here'));
    await expect(refused.call()).rejects.toThrow('There is nothing here');
    expect(refused.asked).toHaveLength(1);
    const busy = await serve(problem(429, 'slow down', [], { 'retry-after': '3600' }));
    await expect(busy.call()).rejects.toThrow('slow down');
    expect(busy.asked).toHaveLength(1);
  });

  it('prints the field and the remedy of a problem', async () => {
    const errors = [
      { pointer: '/plannedSteps/0/trafficShare', detail: 'must be at most 1', remedy: 'give less' },
    ];
    const { refusedWith } = await serve(problem(400, 'The request is not valid', errors));
    expect((await refusedWith()).message).toBe(
      'The request is not valid: the detail (400)\n  /plannedSteps/0/trafficShare: must be at most 1; give less',
    );
  });

  it.each([
    [401, 'A valid token is needed', '--token-file'],
    [403, 'The token does not allow this', 'the role and scope'],
    [404, 'There is nothing here', 'bellwether deploy list'],
    [503, 'The service cannot do this now', 'in a few seconds'],
    [500, 'The server failed', 'request id: r-1'],
  ])('says what to do about a %i', async (status, title, remedy) => {
    const { refusedWith } = await serve(problem(status, title));
    const { message, info } = await refusedWith();
    expect(message).toContain(title);
    expect(message).toContain(remedy);
    expect(info.retryable).toBe(status >= 500);
  });

  it('tells a server that is not Bellwether, and follows no redirect', async () => {
    const page = await serve((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi</p>'),
    );
    expect((await page.refusedWith()).message).toContain('is --server the address of Bellwether?');
    const moved = await serve((response) =>
      response.writeHead(308, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect((await moved.refusedWith()).message).toContain('set --server to it');
    expect(moved.asked).toHaveLength(1);
  });

  it('says that nobody listens, and that an answer did not come in time', async () => {
    const client = createApiClient({
      ...{
        baseUrl: 'http://127.0.0.1:9',
        saidBy: 'the default',
        token: 't',
        signal: new AbortController().signal,
      },
    });
    await expect(client.call({ method: 'GET', path: '/', retries: 0 })).rejects.toThrow(
      /the default.*bad port|ECONNREFUSED/s,
    );
    const silent = await serve(() => undefined);
    expect((await silent.refusedWith({ timeoutMs: 50 })).message).toContain('no answer in time');
  });

  it('ends at Ctrl-C', async () => {
    const stop = new AbortController();
    const { call } = await serve(() => stop.abort());
    await expect(call({ signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
