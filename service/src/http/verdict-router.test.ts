import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WireVerdict } from '../api/verdict.js';
import { defaultLimits } from './limits.js';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

const path = '/api/v1/deployments/d-1/verdict';
const events = '/api/v1/deployments/d-1/events';

let server: TestServer;
async function serve(overrides: Parameters<typeof startTestServer>[0] = {}): Promise<void> {
  server = await startTestServer(overrides);
  const body = { id: 'd-1', service: 'checkout', environment: 'production', version: '2' };
  await server.send('POST', '/api/v1/deployments', { body });
}
beforeEach(() => serve());
afterEach(() => server.close());

describe('GET …/verdict', () => {
  it('answers 200 with every field before there is a verdict', async () => {
    const response = await server.send('GET', path, { role: 'viewer' });
    expect(response.headers.get('etag')).toBe('"0"');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({
      verdict: 'pending',
      final: false,
      exitCode: 4,
      sequence: 0,
      brakes: [],
    });
  });

  it('answers 304 for the sequence that the client has, also weakened by a proxy', async () => {
    server.fake.decide('d-1', 'rollback');
    for (const tag of ['"1"', 'W/"1"']) {
      const response = await server.send('GET', path, { headers: { 'if-none-match': tag } });
      expect([response.status, await response.text()]).toEqual([304, '']);
    }
    const changed = await server.send('GET', path, { headers: { 'if-none-match': '"0"' } });
    expect(await changed.json()).toMatchObject({ verdict: 'rollback', exitCode: 1 });
  });

  it('waits until the verdict differs from the known one', async () => {
    const waiting = server.send('GET', `${path}?wait=20s&after=0`);
    await vi.waitFor(() => expect(server.fake.listening()).toBe(1));
    server.fake.decide('d-1', 'continue');
    expect(await (await waiting).json()).toMatchObject({ verdict: 'continue', sequence: 1 });
    expect(server.fake.listening()).toBe(0);
  });

  it('answers at once when there is news, and 304 or the old one after the wait', async () => {
    server.fake.decide('d-1', 'continue');
    const startedAt = performance.now();
    expect((await server.send('GET', `${path}?wait=20s&after=0`)).status).toBe(200);
    expect((await server.send('GET', `${path}?wait=20s`)).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(
      (await server.send('GET', `${path}?wait=50ms`, { headers: { 'if-none-match': '"1"' } })).status,
    ).toBe(304);
    expect(await (await server.send('GET', `${path}?wait=50ms&after=1`)).json()).toMatchObject({
      sequence: 1,
    });
  });

  it('stops waiting when the client leaves and when the server stops', async () => {
    const leaving = new AbortController();
    const left = server.send('GET', `${path}?wait=50s`, { signal: leaving.signal }).catch(() => 'left');
    await vi.waitFor(() => expect(server.fake.listening()).toBe(1));
    leaving.abort();
    expect(await left).toBe('left');
    await vi.waitFor(() => expect(server.fake.listening()).toBe(0));
    const stopped = server.send('GET', `${path}?wait=50s`);
    await vi.waitFor(() => expect(server.fake.listening()).toBe(1));
    server.stop.abort();
    expect(await (await stopped).json()).toMatchObject({ verdict: 'pending' });
  });

  it.each(['wait=5', 'wait=2m', 'after=-1', 'wiat=5s'])('refuses %s', async (query) => {
    expect((await server.send('GET', `${path}?${query}`)).status).toBe(400);
  });
});

/** Reads events off a stream as they come. */
function eventReader(response: Response): {
  next: () => Promise<{ id: string; event: string; verdict: WireVerdict }>;
  raw: () => string;
} {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let [text, raw] = ['', ''];
  const next = async (): Promise<{ id: string; event: string; verdict: WireVerdict }> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end < 0) {
        const chunk = await reader?.read();
        if (chunk?.value === undefined) throw new Error('the stream ended');
        text += chunk.value;
        raw += chunk.value;
        continue;
      }
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      );
      text = text.slice(end + 2);
      const data = fields.get('data');
      if (data !== undefined) {
        return {
          id: fields.get('id') ?? '',
          event: fields.get('event') ?? '',
          verdict: JSON.parse(data) as WireVerdict,
        };
      }
    }
  };
  return { next, raw: () => raw };
}

describe('GET …/events', () => {
  it('sends the present verdict, then each change once', async () => {
    const response = await server.send('GET', events, { role: 'viewer' });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toContain('no-store');
    const stream = eventReader(response);
    expect(await stream.next()).toMatchObject({ id: '0', event: 'verdict', verdict: { verdict: 'pending' } });
    server.fake.decide('d-1', 'rollback');
    server.fake.decide('d-1', 'cancelled');
    expect(await stream.next()).toMatchObject({ id: '1', verdict: { verdict: 'rollback' } });
    expect(await stream.next()).toMatchObject({ id: '2', verdict: { verdict: 'cancelled', exitCode: 5 } });
  });

  it('brings what was missed since Last-Event-ID', async () => {
    for (const value of ['pending', 'inconclusive', 'rollback'] as const) server.fake.decide('d-1', value);
    const stream = eventReader(await server.send('GET', events, { headers: { 'last-event-id': '1' } }));
    expect((await stream.next()).id).toBe('2');
    expect((await stream.next()).id).toBe('3');
  });

  it('sends heartbeats and ends after its lifetime', async () => {
    await server.close();
    await serve({ limits: { ...defaultLimits, heartbeatMs: 20, streamLifetimeMs: 300 } });
    const stream = eventReader(await server.send('GET', events));
    await stream.next();
    await expect(stream.next()).rejects.toThrow('the stream ended');
    expect(stream.raw()).toMatch(/\n:/);
    await vi.waitFor(() => expect(server.fake.listening()).toBe(0));
  });

  it('ends when the server stops, and lets go when the client leaves', async () => {
    const leaving = new AbortController();
    await server.send('GET', events, { signal: leaving.signal });
    const stream = eventReader(await server.send('GET', events));
    await stream.next();
    expect(server.fake.listening()).toBe(2);
    leaving.abort();
    await vi.waitFor(() => expect(server.fake.listening()).toBe(1));
    server.stop.abort();
    await expect(stream.next()).rejects.toThrow('the stream ended');
    await vi.waitFor(() => expect(server.fake.listening()).toBe(0));
  });

  it('holds many streams without a warning of a leak', async () => {
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', note);
    const leaving = new AbortController();
    const signal = leaving.signal;
    await Promise.all(Array.from({ length: 12 }, () => server.send('GET', events, { signal })));
    await vi.waitFor(() => expect(server.fake.listening()).toBe(12));
    leaving.abort();
    await vi.waitFor(() => expect(server.fake.listening()).toBe(0));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('bounds the streams of one token', async () => {
    await server.close();
    await serve({ limits: { ...defaultLimits, streamsPerToken: 1 } });
    const leaving = new AbortController();
    await server.send('GET', events, { signal: leaving.signal });
    const second = await server.send('GET', events);
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '5']);
    expect((await server.send('GET', `${path}?wait=1s`)).status).toBe(429);
    const other = await server.send('GET', `${path}?wait=10ms`, { role: 'viewer' });
    expect(other.status).toBe(200);
    leaving.abort();
    await vi.waitFor(async () => expect((await server.send('GET', `${path}?wait=10ms`)).status).toBe(200));
  });

  it('answers 404 as a problem, not as a stream', async () => {
    const response = await server.send('GET', '/api/v1/deployments/none/events');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });
});
