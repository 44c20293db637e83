import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SourceError, type MetricSource } from '../port.js';
import type { Dial } from './exchange.js';
import { InfluxError } from './influx-error.js';
import { createInflux1Client } from './v1/client.js';
import { createInflux1Source } from './v1/source.js';
import { createInflux2Source } from './v2/source.js';

const dial: Dial = ({ host, port }) => connect({ host, port });
const query = { project: 'p', metric: 'm', labels: {}, fromMs: 0, toMs: 60_000 };
const common = { name: 'influx', field: 'value', timeoutMs: 400, headers: {}, secrets: ['hush'], tls: {} };

const stop = new AbortController().signal;
const versions: readonly (readonly [
  string,
  (url: string, parts?: { dial: Dial; stop?: AbortSignal }) => MetricSource,
])[] = [
  [
    '1.x',
    (url, parts = { dial }) =>
      createInflux1Source(
        { ...common, url, database: 'd', username: 'u', password: 'hush' },
        { stop, ...parts, pauseMs: 1 },
      ),
  ],
  [
    '2.x',
    (url, parts = { dial }) =>
      createInflux2Source(
        { ...common, url, org: 'o', bucket: 'b', token: 'hush' },
        { stop, ...parts, pauseMs: 1 },
      ),
  ],
];

describe.each(versions)('a failing InfluxDB %s', (_version, open) => {
  let server: Server | undefined;
  let asked = 0;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    asked = 0;
  });
  const serve = async (listener: RequestListener): Promise<string> => {
    server = createServer((request, response) => {
      asked += 1;
      listener(request, response);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const failure = async (url: string, parts?: { dial: Dial }): Promise<SourceError> => {
    try {
      await open(url, parts).fetch(query);
    } catch (error) {
      return error as SourceError;
    }
    throw new Error('it answered');
  };

  it('is asked again when nobody listens', async () => {
    const url = await serve(() => undefined);
    server?.close();
    const error = await failure(url);
    expect(error).toMatchObject({ code: 'unavailable', retryable: true });
    expect(error.message).toBe(
      `source "influx" cannot be reached at ${new URL(url).host} (ECONNREFUSED); check that it runs, and its "url" in the server configuration`,
    );
  });

  it('is asked again when it does not answer in time, whether silent or slow', async () => {
    const silent = await failure(await serve(() => undefined));
    expect(silent).toMatchObject({ code: 'unavailable', retryable: true });
    expect(silent.message).toBe(
      'source "influx" did not answer within 400 ms; ask for less, or raise its "timeout"',
    );
    expect(asked).toBe(3);
    server?.closeAllConnections();
    const timers: NodeJS.Timeout[] = [];
    const slow = await failure(
      await serve((_request, response) => {
        response.writeHead(200);
        timers.push(setInterval(() => response.write(' '), 50));
      }),
    );
    for (const timer of timers) clearInterval(timer);
    expect(slow.message).toBe(
      'source "influx" did not answer within 400 ms; ask for less, or raise its "timeout"',
    );
  });

  it('is asked again when it is overloaded, and its words and its wish are kept', async () => {
    for (const status of [503, 500, 429]) {
      const url = await serve((_request, response) => {
        response
          .writeHead(status, { 'retry-after': '17' })
          .end('{"error":"engine busy, hush","message":"engine busy, hush"}');
      });
      const error = await failure(url);
      expect(error).toMatchObject({ code: 'unavailable', retryable: true, retryAfterSeconds: 17 });
      expect(error.message).toBe(`source "influx" answered ${status}: engine busy, [redacted]`);
      server?.close();
    }
  });

  it('never takes half a body for an answer', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"results":[{"statement_id":0}]}');
      setTimeout(() => response.destroy(), 20);
    });
    const error = await failure(url);
    expect(error).toMatchObject({ code: 'unavailable', retryable: true });
    expect(error.message).toMatch(/broke the connection|no whole answer|cannot be reached/);
  });

  it.each(['<html>sign in</html>', '{"results":', '{}', '[1]'])(
    'never takes %s for an answer',
    async (body) => {
      const url = await serve((_request, response) => response.end(body));
      expect(await failure(url)).toMatchObject({ code: 'unavailable', retryable: true });
    },
  );

  it('does not follow to another address', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    );
    const error = await failure(url);
    expect(error).toMatchObject({ code: 'refused' });
    expect(error.message).toContain('redirects are not followed');
    expect(asked).toBe(1);
  });

  it('is given up as a source that does not answer when the service stops', async () => {
    const stopping = new AbortController();
    const url = await serve(() => stopping.abort());
    const given = open(url, { dial, stop: stopping.signal }).fetch(query);
    await expect(given).rejects.toBeInstanceOf(SourceError);
    await expect(given).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('is not asked at all where the egress rules say no', async () => {
    const refusing: Dial = (target) =>
      dial(target).destroy(
        Object.assign(new Error('refused (loopback): 127.0.0.1'), { name: 'RefusedError' }),
      );
    const error = await failure(await serve((_request, response) => response.end('{}')), { dial: refusing });
    expect(error).toMatchObject({ code: 'refused' });
    expect(error.message).toBe('source "influx" is refused (loopback): 127.0.0.1');
    expect(asked).toBe(0);
  });
});

describe('a write to InfluxDB 1.x', () => {
  it('is not repeated by itself, and says when to come again', async () => {
    let writes = 0;
    const server = createServer((_request, response) => {
      writes += 1;
      response.writeHead(503, { 'retry-after': '3' }).end('{"error":"timeout"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createInflux1Client(
      { ...common, url, database: 'd' },
      { dial, stop: new AbortController().signal },
    );
    const write = client.write([{ measurement: 'm', tags: {}, fields: { value: 1 }, timeMs: 0 }]);
    await expect(write).rejects.toBeInstanceOf(InfluxError);
    await expect(write).rejects.toMatchObject({ retryable: true, retryAfterSeconds: 3 });
    expect(writes).toBe(1);
    server.closeAllConnections();
    server.close();
  });
});
