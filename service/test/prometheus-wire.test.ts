import { afterAll, expect } from 'vitest';
import { createGuardedFetch } from '../src/delivery/guarded-fetch.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import { SourceError, type MetricSource, type SourceQuery } from '../src/sources/port.js';
import { createPrometheusSource } from '../src/sources/prometheus/source.js';
import type { SourceFetch } from '../src/sources/source-fetch.js';
import { startPrometheus, startVictoriaMetrics, type MetricServer } from './metric-servers.js';
import { needsServer } from './needs-server.js';

const FOLDER = '../../fixtures/wire/prometheus';
/** A moment that never changes, so that a recording made again is the same. */
const FROM_MS = Date.UTC(2026, 0, 15, 12);
const MINUTE_MS = 60_000;
const range = { project: 'default', fromMs: FROM_MS, toMs: FROM_MS + 10 * MINUTE_MS };
const variables = { service: 'cart', environment: 'prod', version: '1.1', previousVersion: '1.0' };

async function fill(server: MetricServer): Promise<void> {
  const minutes = Array.from({ length: 11 }, (_, i) => i);
  const series = (
    metric: string,
    labels: Readonly<Record<string, string>>,
    valueAt: (i: number) => number,
  ) => ({
    metric,
    labels: { service: 'cart', ...labels },
    points: minutes.map((i) => [FROM_MS + i * MINUTE_MS, valueAt(i)] as const),
  });
  await server.write([
    // With a reset after six minutes.
    series('http_requests_total', { version: '1.0' }, (i) => (i < 6 ? 1000 + 100 * i : 30 * i)),
    series('http_requests_total', { version: '1.1' }, (i) => 10 * i),
    series('http_errors_total', { version: '1.0' }, (i) => i),
    // Without a request in the first half there is no ratio: 0/0.
    series('half_idle_total', {}, (i) => Math.max(0, i - 5)),
    series('odd_label', { path: 'C:\\temp "x"\n', unicode: 'größe 😀' }, (i) => i / 3),
    ...Array.from({ length: 12 }, (_, pod) =>
      series('pod_memory_bytes', { pod: `cart-${pod}` }, (i) => 1e6 + i),
    ),
  ]);
}

type Ask = (source: MetricSource) => Promise<unknown>;
const evaluate =
  (expression: string): Ask =>
  (source) =>
    source.evaluate?.({ ...range, stepMs: MINUTE_MS, variables, expression }) ?? Promise.resolve();
const fetchOf =
  (metric: string, labels: SourceQuery['labels'] = { service: 'cart' }): Ask =>
  (source) =>
    source.fetch({ ...range, metric, labels });
const ratio = 'sum(rate(half_idle_total[1m])) / sum(rate(half_idle_total[1m]))';

const questions: Readonly<Record<string, Ask>> = {
  'raw-samples-of-two-arms': fetchOf('http_requests_total'),
  'raw-samples-with-odd-labels': fetchOf('odd_label', { path: 'C:\\temp "x"\n' }),
  'two-metrics-in-one-query': (source) =>
    Promise.all([fetchOf('http_requests_total')(source), fetchOf('http_errors_total')(source)]),
  empty: fetchOf('no_such_metric'),
  expression: evaluate(
    'sum(increase(http_requests_total{service="{{service}}",version=~"{{version}}"}[2m]))',
  ),
  'expressions-together': (source) =>
    Promise.all([
      evaluate('sum(http_requests_total)')(source),
      evaluate('avg(http_errors_total) # note')(source),
    ]),
  'not-a-number': evaluate(ratio),
  'many-series': evaluate('pod_memory_bytes{service="{{service}}"}'),
  infinite: evaluate('vector(1) / 0'),
  'bad-query': evaluate('sum(rate(http_requests_total[1m])'),
  'failed-query': evaluate('label_replace(http_requests_total, "no label", "", "", "")'),
  series: (source) => source.listSeries?.({ ...range, matchers: { service: 'cart' } }) ?? Promise.resolve(),
  'no-matcher': (source) => source.listSeries?.({ ...range, matchers: { service: '' } }) ?? Promise.resolve(),
};

/** Every exchange that a question led to, as it went over the wire. */
async function record(server: MetricServer, ask: Ask): Promise<readonly object[]> {
  const exchanges: object[] = [];
  const guarded = createGuardedFetch(createUrlGuard({ allow: [server.host] }), {
    timeoutMs: 10_000,
    maxResponseBytes: 2 ** 21,
  });
  const fetch: SourceFetch = async (request) => {
    const response = await guarded(request);
    const { pathname } = new URL(request.url);
    const form = Object.fromEntries(new URLSearchParams(request.body ?? ''));
    const answer = { status: response.status, body: inOrder(response.body) };
    exchanges.push({ request: { method: request.method, path: pathname, form }, answer });
    return response;
  };
  await ask(sourceOver(fetch, server)).catch((error: unknown) => {
    if (!(error instanceof SourceError)) throw error;
  });
  await guarded.close();
  return exchanges;
}

/** No server promises an order of series. */
function inOrder(body: string): string {
  const { data, ...rest } = JSON.parse(body) as { readonly data?: unknown };
  const sorted = (list: readonly unknown[]): readonly unknown[] =>
    list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (Array.isArray(data)) return JSON.stringify({ ...rest, data: sorted(data) });
  if (typeof data !== 'object' || data === null || !('result' in data) || !Array.isArray(data.result))
    return body;
  return JSON.stringify({ ...rest, data: { ...data, result: sorted(data.result) } });
}

function sourceOver(fetch: SourceFetch, { url }: MetricServer): MetricSource {
  const config = { name: 'metrics', url, headers: {}, timeoutMs: 10_000, secrets: [] };
  return createPrometheusSource(config, { fetch, stop: new AbortController().signal });
}

/** More points than a server gives in one answer, and a day of raw samples of ten series, whole and in order. */
async function readsInPieces(server: MetricServer): Promise<void> {
  const startMs = FROM_MS - 86_400_000;
  const timesMs = Array.from({ length: 5_760 }, (_, i) => startMs + i * 15_000);
  await server.write(
    Array.from({ length: 10 }, (_, pod) => ({
      metric: 'long_total',
      labels: { pod: String(pod) },
      points: timesMs.map((timeMs, i) => [timeMs, i * pod] as const),
    })),
  );
  const requests: string[] = [];
  const guarded = createGuardedFetch(createUrlGuard({ allow: [server.host] }), {
    timeoutMs: 10_000,
    maxResponseBytes: 500_000,
  });
  const source = sourceOver((request) => {
    requests.push(request.url);
    return guarded(request);
  }, server);
  const raw = await source.fetch({
    project: 'default',
    metric: 'long_total',
    labels: {},
    fromMs: startMs,
    toMs: FROM_MS,
  });
  expect(raw.map((series) => [...series.timesMs])).toEqual(Array.from({ length: 10 }, () => timesMs));
  expect(raw.map(({ values }) => values.at(-1)).sort()).toEqual(
    Array.from({ length: 10 }, (_, pod) => 5_759 * pod).sort(),
  );
  expect(requests.length).toBeGreaterThan(3);
  const [whole] =
    (await source.evaluate?.({
      project: 'default',
      expression: 'sum(long_total)',
      variables,
      fromMs: startMs,
      toMs: startMs + 17_000 * 5_000,
      stepMs: 5_000,
    })) ?? [];
  expect([...(whole?.timesMs ?? [])]).toEqual(Array.from({ length: 17_000 }, (_, i) => startMs + i * 5_000));
  await guarded.close();
}

/** `npx vitest run service/test/prometheus-wire.test.ts -u` records anew. */
async function recordsTheSame(server: MetricServer, folder: string): Promise<void> {
  await fill(server);
  for (const [name, ask] of Object.entries(questions)) {
    const exchanges = await record(server, ask);
    await expect(`${JSON.stringify(exchanges, null, 2)}\n`).toMatchFileSnapshot(
      `${FOLDER}/${folder}/${name}.json`,
    );
  }
}

for (const [program, begin, folder] of [
  ['prometheus', startPrometheus, 'prometheus-2.42'],
  ['victoria-metrics', startVictoriaMetrics, 'victoria-metrics-1.79'],
] as const)
  needsServer(program, 'long answers come in pieces, and the recorded ones are what it says', () => {
    let server: MetricServer | undefined;
    afterAll(async () => server?.stop());
    return async () => {
      server = await begin();
      await readsInPieces(server);
      await recordsTheSame(server, folder);
    };
  });
