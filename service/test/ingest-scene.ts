import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { startTestServer, tokenOf } from '../src/http/test-server.js';
import { defaultLimits, type HttpLimits } from '../src/http/limits.js';
import type { PlaceRule } from '../src/ingest/place-rules.js';
import { SeriesBooks } from '../src/ingest/series-books.js';
import { createIngestMetrics } from '../src/telemetry/ingest-metrics.js';
import { createPushSource } from '../src/sources/push/source.js';
import { createWorld } from './world.js';

/** The real edge and the real store, for clients that write in their own dialect. */
export async function ingestScene(
  options: {
    readonly rules?: readonly PlaceRule[];
    readonly maxSeriesPerToken?: number;
    readonly limits?: Partial<HttpLimits>;
  } = {},
) {
  const world = await createWorld();
  const registry = new Registry();
  const limits = { ...defaultLimits, ...options.limits };
  const books = new SeriesBooks({
    rules: options.rules ?? [],
    maxSeriesPerToken: options.maxSeriesPerToken ?? 10_000,
    maxFutureMs: limits.maxFutureMs,
    maxAgeMs: 30 * 86_400_000,
    clock: Date.now,
  });
  const server = await startTestServer({
    useCases: world.useCases,
    clock: Date.now,
    registry,
    limits,
    ingest: { books, metrics: createIngestMetrics(registry) },
  });
  return {
    url: server.url,
    port: Number(new URL(server.url).port),
    token: tokenOf('pipeline'),
    logged: server.logged,
    /** What policies read. */
    source: createPushSource(world.store.samples),
    close: () => server.close(),
    /** Stored series of a metric: labels, and points as pairs. */
    async read(metric: string, labels: Readonly<Record<string, string>> = {}) {
      const query = { project: 'default', metric, labels, fromMs: 0, toMs: 4e12 };
      const found = await world.store.samples.read(query);
      return found.map(({ labels: all, type, timesMs, values }) => ({
        labels: all,
        type,
        points: Array.from(timesMs, (timeMs, index) => [timeMs, values[index] ?? NaN] as const),
      }));
    },
    /** Value of one of Bellwether's own metrics, its labels given as they are written; 0 when there is none. */
    async counted(name: string, labels: string): Promise<number> {
      const line = (await registry.metrics())
        .split('\n')
        .find((each) => each.startsWith(`${name}{${labels}}`));
      return Number(line?.split(' ').at(-1) ?? 0);
    },
    /** Sends a body as an agent would. */
    post: (path: string, body: Uint8Array | string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(server.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokenOf('pipeline')}`, ...headers },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      }),
  };
}

/** A `/metrics` page that a real Prometheus scrapes. */
export async function startExporter(
  page: () => string,
): Promise<{ readonly host: string; readonly server: Server }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(page());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
