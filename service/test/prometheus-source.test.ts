import { afterAll, expect } from 'vitest';
import { eventually } from './eventually.js';
import { startPrometheus, startVictoriaMetrics, type MetricServer } from './metric-servers.js';
import { needsServer } from './needs-server.js';
import { recordShop } from './recorded-shop.js';
import { startService, type RunningService } from './running-service.js';

const MINUTE_MS = 60_000;
const arm = 'service="{{service}}", version=~"{{version}}"';

const policy = (metrics: readonly unknown[]): Record<string, unknown> => ({
  interval: '1m',
  watch: '20m',
  settle: '1s',
  history: '1d',
  metrics,
});
const byQuery = policy([
  {
    name: 'error ratio',
    kind: 'error',
    signal: {
      type: 'ratio',
      source: 'metrics',
      events: { query: `sum(increase(http_errors_total{${arm}}[{{interval}}]))` },
      total: { query: `sum(increase(http_requests_total{${arm}}[{{interval}}]))` },
    },
  },
  {
    name: 'latency',
    kind: 'latency',
    unit: 's',
    signal: { type: 'gauge', source: 'metrics', query: `avg(http_latency_seconds{${arm}})` },
  },
  {
    name: 'pods',
    kind: 'saturation',
    signal: { type: 'gauge', source: 'metrics', query: 'http_latency_seconds{service="{{service}}"}' },
  },
  {
    name: 'misspelt',
    kind: 'saturation',
    signal: { type: 'gauge', source: 'metrics', query: `avg by (http_latency_seconds{${arm}}` },
  },
]);
const bySelector = policy([
  {
    name: 'error ratio',
    kind: 'error',
    signal: {
      type: 'ratio',
      source: 'metrics',
      events: { metric: 'http_errors_total', labels: { service: '{{service}}' } },
      total: { metric: 'http_requests_total', labels: { service: '{{service}}' } },
    },
  },
  {
    name: 'traffic',
    kind: 'traffic',
    signal: {
      type: 'counter',
      source: 'metrics',
      series: { metric: 'http_requests_total', labels: { service: '{{service}}' } },
    },
  },
]);

interface VerdictBody {
  readonly verdict: string;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
  readonly metrics: readonly { readonly name: string; readonly status: string; readonly text: string }[];
}

async function judged(service: RunningService, id: string): Promise<VerdictBody> {
  return eventually(
    `a verdict for ${id}`,
    async () => {
      const { body } = await service.request('GET', `/api/v1/deployments/${id}/verdict`);
      return body['verdict'] === 'pending' ? undefined : (body as unknown as VerdictBody);
    },
    40_000,
  );
}

async function judgesByIt(begin: () => Promise<MetricServer>, open: (stop: () => unknown) => void) {
  const server = await begin();
  open(() => server.stop());
  const changeAtMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 25 * MINUTE_MS;
  const shop = { changeAtMs, historyMinutes: 1440, liveMinutes: 24, errorRatio: 0.005 };
  await server.write([
    ...recordShop({ ...shop, service: 'cart', share: 0.2, errorRatio: 0.1 }),
    ...recordShop({ ...shop, service: 'stock', share: 1 }),
  ]);
  const service = await startService({
    config: {
      egress: { allow: [server.host] },
      sources: [{ kind: 'prometheus', name: 'metrics', url: server.url }],
      policies: { cart: byQuery, stock: bySelector },
    },
  });
  open(() => service.stop());
  const start = async (name: string, strategy: string) => {
    const { status, body } = await service.request('POST', '/api/v1/deployments', {
      service: name,
      environment: 'prod',
      version: '1.1',
      previousVersion: '1.0',
      strategy,
      startedAt: new Date(changeAtMs).toISOString(),
      ...(strategy === 'canary' ? { plannedSteps: [{ name: '20 %', trafficShare: 0.2 }] } : {}),
    });
    expect([status, body]).toMatchObject([201, { id: expect.any(String) as string }]);
    return String(body['id']);
  };
  const [cart, stock] = [await start('cart', 'canary'), await start('stock', 'rolling')];
  const harmed = await judged(service, cart);
  expect(harmed.verdict).toBe('rollback');
  const findings = new Map(harmed.metrics.map((finding) => [finding.name, finding]));
  expect(findings.get('error ratio')).toMatchObject({ status: 'harmed' });
  expect(findings.get('latency')?.status).not.toBe('harmed');
  expect(findings.get('pods')?.text).toMatch(/one series was asked for .* 2 match: .*"version":"1.0"/);
  expect(findings.get('misspelt')?.text).toMatch(
    /source "metrics" refuses the query: .*avg by \(http_latency/,
  );
  const fine = await judged(service, stock);
  expect([fine.verdict, fine.reasons]).toMatchObject(['continue', [{}]]);
}

for (const [program, begin] of [
  ['prometheus', startPrometheus],
  ['victoria-metrics', startVictoriaMetrics],
] as const)
  needsServer(program, 'metrics from it decide a rollback by queries and a continue by selectors', () => {
    const opened: (() => unknown)[] = [];
    afterAll(async () => {
      for (const stop of opened.toReversed()) await stop();
    });
    return () =>
      judgesByIt(
        () => begin(),
        (stop) => opened.push(stop),
      );
  });
