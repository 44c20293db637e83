import fc from 'fast-check';
import { expect, it } from 'vitest';
import { metricSpec } from '../../api/metric-spec.js';
import { policyInput } from '../../api/policy.js';
import type { ListedSeries } from '../../sources/port.js';
import { advisoryMetrics } from './advisory-metrics.js';
import { assessGroups } from './assess-groups.js';
import type { FoundIn } from './build-signal.js';
import { groupSeries } from './group-series.js';
import { proposePolicy } from './propose-policy.js';

const match = { service: '{{service}}' };
const pushed: FoundIn = { source: { name: 'push' }, match };
const prom: FoundIn = { source: { name: 'prom', language: 'promql' }, match: { job: '{{service}}' } };
const rule = { ignore: [], limit: 30 };
const own = { service: 'cart', version: '1' };

const series = (metric: string, labels: Readonly<Record<string, string>> = own): ListedSeries => ({
  metric,
  labels,
});
const assessed = async (listed: readonly ListedSeries[]) => assessGroups(await groupSeries(listed));

const shop = [
  series('http_requests_total', { ...own, status: '200' }),
  series('http_requests_total', { ...own, status: '500' }),
  series('http_request_duration_seconds_bucket', { ...own, le: '0.1' }),
  series('http_request_duration_seconds_sum'),
  series('http_request_duration_seconds_count'),
  series('rpc_seconds', { ...own, quantile: '0.5' }),
  series('rpc_seconds', { ...own, quantile: '0.99' }),
  series('rpc_seconds', { ...own, quantile: '0.999' }),
  series('queue_depth', { service: 'cart' }),
  series('orders_placed_total'),
  series('go_goroutines'),
];

it('reads each metric as its kind wants it, from a PromQL server', async () => {
  const { metrics, leftOut } = await advisoryMetrics(prom, await assessed(shop), [], rule);
  const found = new Map(metrics.map((metric) => [metric.name, metric]));
  expect(found.get('http_request_duration_seconds p95')?.signal).toEqual({
    ...{ type: 'gauge', source: 'prom', combine: 'only' },
    query:
      'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job="{{service}}", version=~"{{version}}"}[{{interval}}])))',
  });
  expect(found.get('http_requests_total failed')).toMatchObject({
    kind: 'error',
    signal: { type: 'ratio', events: { query: expect.stringContaining('status=~"5.."') as string } },
  });
  expect(found.get('rpc_seconds p99')?.signal).toMatchObject({
    series: { metric: 'rpc_seconds', labels: { job: '{{service}}', quantile: '0.99' } },
  });
  expect(found.get('orders_placed_total')).toMatchObject({
    ...{
      kind: 'business',
      direction: 'both',
      criticality: 'advisory',
      missing: 'optional',
      group: 'discovered',
    },
    arms: { treatment: { version: '{{version}}' }, control: { version: '{{previousVersion}}' } },
  });
  // Without the label a canary has no arms of its own: it is read whole.
  expect(found.get('queue_depth')?.arms).toEqual({ treatment: {}, control: {} });
  expect(leftOut.map(({ metric }) => metric)).toEqual(['http_request_duration_seconds_sum']);
  expect(metrics.at(-1)?.name).toBe('go_goroutines');
});

it('leaves buckets to servers that can make quantiles of them', async () => {
  const { metrics, leftOut } = await advisoryMetrics(pushed, await assessed(shop), [], rule);
  expect(metrics.map(({ name }) => name)).not.toContain('http_request_duration_seconds p95');
  expect(leftOut).toContainEqual({
    metric: 'http_request_duration_seconds_bucket',
    reason: 'holds buckets, which only PromQL makes a quantile of',
  });
  expect(metrics.every(({ signal }) => signal.source === undefined)).toBe(true);
});

it('leaves out what the policy reads, by selector or in a query, and what it ignores', async () => {
  const policy = policyInput.parse({
    metrics: [
      {
        name: 'orders',
        kind: 'business',
        signal: { type: 'counter', series: { metric: 'orders_placed_total' } },
      },
      {
        name: 'queue_depth',
        kind: 'latency',
        signal: { type: 'gauge', source: 'prom', query: 'max(rpc_seconds{quantile="0.5"})' },
      },
    ],
  });
  const { metrics, leftOut } = await advisoryMetrics(prom, await assessed(shop), policy.metrics, {
    ignore: ['go_*', '*_duration_*'],
    limit: 2,
  });
  // The policy has given a name away that a metric goes by.
  expect(metrics.map(({ name }) => name)).toEqual(['http_requests_total failed', 'queue_depth (2)']);
  expect(leftOut).toContainEqual({ metric: 'go_goroutines', reason: 'is ignored by the policy' });
  const { leftOut: beyond } = await advisoryMetrics(prom, await assessed(shop), policy.metrics, {
    ignore: [],
    limit: 1,
  });
  // Its failures are watched, so the requests are not left out.
  expect(beyond.map(({ metric }) => metric)).not.toContain('http_requests_total');
  expect(beyond).toContainEqual({ metric: 'queue_depth', reason: 'lies beyond the limit of 1 metric' });
});

it('asks a server to add up what would be too much to read', async () => {
  const many = Array.from({ length: 300 }, (_, i) => series('orders_total', { ...own, shop: String(i) }));
  const [fromServer] = (await advisoryMetrics(prom, await assessed(many), [], rule)).metrics;
  expect(fromServer?.signal).toMatchObject({
    query: 'sum(rate(orders_total{job="{{service}}", version=~"{{version}}"}[{{interval}}]))',
  });
  expect(await advisoryMetrics(pushed, await assessed(many), [], rule)).toEqual({
    metrics: [],
    leftOut: [{ metric: 'orders_total', reason: 'has 300 series, too many to be read one by one' }],
  });
});

it('keeps the event loop free while it groups many series', async () => {
  const many = Array.from({ length: 100_000 }, (_, i) =>
    series(`m_${i % 5_000}_total`, { ...own, path: `/${i}`, pod: `p${i % 50}` }),
  );
  let turnsOfOthers = 0;
  let isDone = false;
  const others = (): void => {
    turnsOfOthers += 1;
    if (!isDone) setImmediate(others);
  };
  others();
  const groups = await assessed(many);
  isDone = true;
  expect(groups).toHaveLength(5_000);
  expect(groups.every(({ group }) => (group.labels.get('path')?.size ?? 0) <= 100)).toBe(true);
  expect(turnsOfOthers).toBeGreaterThan(200);
});

const name = fc.oneof(
  fc.stringMatching(/^[a-z]{1,8}_(?:total|bucket|sum|count|seconds|bytes|errors_total|requests_total)$/),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...shop.map(({ metric }) => metric)),
);
const label = fc.tuple(
  fc.constantFrom('version', 'le', 'quantile', 'status', 'code', 'grpc_code', 'pod', 'weird-label'),
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('0.5', '200', '500', '5xx', 'OK')),
);
const listed = fc.array(
  fc.record({
    metric: name,
    labels: fc.array(label).map((all) => Object.fromEntries(all) as Record<string, string>),
  }),
  { maxLength: 40 },
);

it('makes only metrics and policies that can be sent, of any series, and the same of the same', async () => {
  await fc.assert(
    fc.asyncProperty(listed, fc.constantFrom(pushed, prom), async (all, found) => {
      const groups = await assessed(all);
      const { metrics } = await advisoryMetrics(found, groups, [], rule);
      for (const { warmupMs: _warmup, unit, ...spec } of metrics)
        expect(
          metricSpec.safeParse({ ...spec, ...(unit === '' ? {} : { unit }) }).error?.issues,
        ).toBeUndefined();
      expect(new Set(metrics.map((metric) => metric.name)).size).toBe(metrics.length);
      const backwards = await assessed(all.toReversed());
      expect((await advisoryMetrics(found, backwards, [], rule)).metrics.map((one) => one.name)).toEqual(
        metrics.map((one) => one.name),
      );
      const proposal = proposePolicy(found, groups, 'cart');
      if (proposal !== undefined)
        expect(policyInput.safeParse(proposal.policy).error?.issues).toBeUndefined();
    }),
    { seed: 20_261_123, numRuns: 200 },
  );
});

it('proposes failures, quantiles, traffic and saturation, and leaves the rest to discovery', async () => {
  const proposal = proposePolicy(prom, await assessed(shop), 'cart');
  expect(proposal?.policy.metrics.map((metric) => [metric.name, metric.kind])).toEqual([
    ['http_requests_total failed', 'error'],
    ['http_request_duration_seconds p50', 'latency'],
    ['http_request_duration_seconds p95', 'latency'],
    ['rpc_seconds p50', 'latency'],
    ['rpc_seconds p99', 'latency'],
    ['http_requests_total', 'traffic'],
    ['queue_depth', 'saturation'],
    ['go_goroutines', 'saturation'],
  ]);
  expect(proposal?.policy.discover).toEqual({ source: 'prom', match: { job: '{{service}}' } });
  expect(proposal?.notes['queue_depth']).toMatch(/No label "version"/);
});

it('makes a ratio of counters that belong together by their names', async () => {
  const counters = ['http_errors_total', 'http_requests_total', 'login_failed_total', 'login_total'];
  const proposal = proposePolicy(pushed, await assessed(counters.map((metric) => series(metric))), 'cart');
  expect(proposal?.policy.metrics.slice(0, 2).map(({ signal }) => signal)).toEqual(
    [
      ['http_errors_total', 'http_requests_total'],
      ['login_failed_total', 'login_total'],
    ].map(([events, total]) => ({
      type: 'ratio',
      events: { metric: events, labels: match },
      total: { metric: total, labels: match },
    })),
  );
});
