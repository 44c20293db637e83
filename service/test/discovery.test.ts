import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '@bellwether/models';
import { mintToken } from '../src/cli/create-token.js';
import { eventually } from './eventually.js';
import { startPrometheus } from './metric-servers.js';
import { needsServer } from './needs-server.js';
import { recordShop } from './recorded-shop.js';
import type { WrittenSeries } from './remote-write.js';
import { startService, type RunningService } from './running-service.js';

const PROGRAM = new URL('../bin/bellwether.mjs', import.meta.url).pathname;
const MINUTE_MS = 60_000;
const UNFORESEEN = 'cart_coupons_per_order';

const changeAtMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 25 * MINUTE_MS;

/** A shop that goes on as ever, but for a metric that nobody thought of, which doubles with the new version. */
function shop(): readonly WrittenSeries[] {
  const random = createRandom(7);
  const range = { changeAtMs, historyMinutes: 1_440, liveMinutes: 24 };
  const gauge = (
    metric: string,
    version: string,
    from: number,
    to: number,
    level: number,
  ): WrittenSeries => ({
    metric,
    labels: { service: 'cart', environment: 'prod', version },
    points: Array.from({ length: to - from }, (_, i): [number, number] => [
      changeAtMs + (from + i) * MINUTE_MS + 5_000,
      level * Math.exp(0.05 * random.normal()),
    ]),
  });
  return [
    ...recordShop({ ...range, service: 'cart', share: 1, errorRatio: 0.005 }),
    gauge(UNFORESEEN, '1.0', -1_440, 0, 2),
    gauge(UNFORESEEN, '1.1', 0, 24, 4),
    gauge('cart_size', '1.0', -1_440, 0, 3),
    gauge('cart_size', '1.1', 0, 24, 3),
    { metric: 'build_info', labels: { service: 'cart' }, points: [[changeAtMs, 1]] },
  ];
}

const policy = (source: Readonly<Record<string, string>>) => ({
  ...{ interval: '1m', watch: '20m', settle: '1s', history: '1d' },
  metrics: [
    {
      name: 'error ratio',
      kind: 'error',
      signal: {
        type: 'ratio',
        ...source,
        events: { metric: 'http_errors_total', labels: { service: '{{service}}' } },
        total: { metric: 'http_requests_total', labels: { service: '{{service}}' } },
      },
    },
  ],
  discover: { ...source, ignore: ['cart_size'] },
});

async function push(service: RunningService, all: readonly WrittenSeries[]): Promise<void> {
  for (const { metric, labels, points } of all) {
    const type = metric.endsWith('_total') ? 'counter' : 'gauge';
    const { status } = await service.request('POST', '/api/v1/samples', {
      series: [{ metric, labels, type, samples: points }],
    });
    expect(status).toBe(202);
  }
}

const deployment = {
  ...{ service: 'cart', environment: 'prod', version: '1.1', previousVersion: '1.0', strategy: 'rolling' },
  startedAt: new Date(changeAtMs).toISOString(),
};

interface Started {
  readonly id: string;
  readonly discovery: { readonly watched: number; readonly leftOut: number };
  readonly policy: { readonly metrics: readonly { readonly name: string }[] };
}
interface Verdict {
  readonly verdict: string;
  readonly metrics: readonly {
    readonly name: string;
    readonly status: string;
    readonly contribution: number;
  }[];
}

async function unforeseenShows(service: RunningService): Promise<string> {
  const answer = await service.request('POST', '/api/v1/deployments', deployment);
  expect([answer.status, answer.body]).toMatchObject([201, {}]);
  const started = answer.body as unknown as Started;
  expect(started.policy.metrics.map(({ name }) => name)).toEqual([
    'error ratio',
    'http_latency_seconds',
    UNFORESEEN,
  ]);
  // The size is ignored, and what carries labels alone is of no use.
  expect(started.discovery).toMatchObject({ watched: 2, leftOut: 2 });
  const { body } = await eventually(
    'a verdict',
    async () => {
      const read = await service.request('GET', `/api/v1/deployments/${started.id}/verdict`);
      return read.body['verdict'] === 'pending' ? undefined : read;
    },
    40_000,
  );
  const { verdict, metrics } = body as unknown as Verdict;
  expect(verdict).toBe('continue');
  const findings = new Map(metrics.map((finding) => [finding.name, finding]));
  expect(findings.get(UNFORESEEN)).toMatchObject({ status: 'harmed', contribution: 0 });
  expect(findings.get('http_latency_seconds')).toMatchObject({ status: 'quiet' });
  const { body: page } = await service.request('GET', `/deployments/${started.id}/report`, undefined, {
    accept: 'text/html',
  });
  expect(String(page['text'])).toContain('advisory: never decides');
  expect(String(page['text'])).toMatch(/2 metrics that no policy names/);
  return started.id;
}

/** Not in one blocking call: connections to the service would be closed unseen meanwhile. */
async function cli(service: RunningService, ...args: readonly string[]) {
  const environment = { ...process.env, BELLWETHER_URL: service.url, BELLWETHER_TOKEN: viewer.token };
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: environment });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const status = await new Promise((resolve) => child.once('close', resolve));
  return { status, ...said };
}
const viewer = mintToken({ name: 'cli', role: 'viewer', project: '*', service: '*', environment: '*' });
const scoped = mintToken({ name: 'ci', role: 'pipeline', project: '*', service: 'cart', environment: '*' });
const tokens = [viewer.entry, scoped.entry];

describe('discovery of what is pushed', () => {
  const opened: (() => unknown)[] = [];
  afterAll(async () => {
    for (const stop of opened.toReversed()) await stop();
  });

  it('watches what no policy names, and shows it without deciding by it', async () => {
    const service = await startService({ config: { policies: { cart: policy({}) } }, tokens });
    opened.push(() => service.stop());
    await push(service, shop());
    const id = await unforeseenShows(service);
    const watched = await cli(service, 'watch', id);
    expect(watched.stdout).toContain(`stands out without a say: ${UNFORESEEN} rose by`);

    const found = await cli(service, 'discover', '--service', 'cart', '--environment', 'prod');
    expect([found.status, found.stderr]).toEqual([0, '']);
    expect(found.stdout).toMatch(/http_requests_total +traffic +either +counter +req\/s +2/);
    const file = join(mkdtempSync(join(tmpdir(), 'bellwether-discover-')), 'cart.yaml');
    const written = await cli(service, 'discover', '--service', 'cart', '--write', file);
    expect(written.stdout).toContain('build_info: is a constant that carries labels');
    expect(written.stdout).toContain(`bellwether policy validate ${file}`);
    expect(await cli(service, 'policy', 'validate', file)).toMatchObject({ status: 0 });
    expect(readFileSync(file, 'utf8')).toMatch(/# +http_errors_total as a share of http_requests_total/);
    expect(await cli(service, 'discover', '--service', 'cart', '--write', file)).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('is there already') as string,
    });

    const missing = await service.request('GET', '/api/v1/discovery?service=basket');
    expect([missing.status, missing.body['errors']]).toEqual([
      404,
      [
        {
          parameter: 'match',
          detail: 'no series of the last day in the source "push" carries service="basket"',
          remedy: expect.stringContaining('match labels that are there: service (cart)') as string,
        },
      ],
    ]);
    const unknown = await service.request('GET', '/api/v1/discovery?service=cart&source=graphite');
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ parameter: 'source' }] } });

    const asScoped = (path: string, body?: unknown) =>
      service.request(body === undefined ? 'GET' : 'POST', path, body, {
        authorization: `Bearer ${scoped.token}`,
      });
    expect(await asScoped('/api/v1/discovery?service=cart')).toMatchObject({ status: 200 });
    for (const query of [
      'service=cart&match=environment:prod',
      'service=cart&match=service:pay',
      'service=pay',
    ])
      expect((await asScoped(`/api/v1/discovery?${query}`)).status).toBe(403);
    const wide = { ...policy({}), discover: { match: { environment: 'prod' } } };
    const metrics = wide.metrics.map((one) => ({ ...one }));
    expect(
      await asScoped('/api/v1/deployments', {
        ...deployment,
        version: '1.2',
        startedAt: undefined,
        policy: { ...wide, metrics },
      }),
    ).toMatchObject({ status: 403, body: { errors: [{ pointer: '/policy/discover/match/service' }] } });
  });

  it('never stops a deployment: the outcome says what went wrong', async () => {
    const unreachable = { kind: 'prometheus', name: 'gone', url: 'http://127.0.0.1:9' };
    const service = await startService({
      config: {
        egress: { allow: ['127.0.0.1:9'] },
        sources: [unreachable],
        policies: { cart: { ...policy({}), discover: { source: 'gone' } } },
      },
      tokens,
    });
    opened.push(() => service.stop());
    const { status, body } = await service.request('POST', '/api/v1/deployments', deployment);
    expect([status, body['discovery']]).toEqual([
      201,
      { source: 'gone', watched: 0, leftOut: 0, problem: expect.stringContaining('"gone"') as string },
    ]);
    expect(service.log()).toContain('discovery failed; the policy is used as it is');
  });
});

needsServer('prometheus', 'discovery finds there what no policy names', () => {
  const opened: (() => unknown)[] = [];
  afterAll(async () => {
    for (const stop of opened.toReversed()) await stop();
  });
  return async () => {
    const server = await startPrometheus();
    opened.push(() => server.stop());
    await server.write(shop());
    const service = await startService({
      config: {
        egress: { allow: [server.host] },
        sources: [{ kind: 'prometheus', name: 'prom', url: server.url }],
        policies: { cart: policy({ source: 'prom' }) },
      },
      tokens,
    });
    opened.push(() => service.stop());
    await unforeseenShows(service);
    const { status, body } = await service.request(
      'GET',
      '/api/v1/discovery?service=cart&source=prom&match=service:cart&match=environment:prod',
    );
    expect([status, body['policy']]).toMatchObject([
      200,
      { discover: { source: 'prom', match: { service: '{{service}}' } } },
    ]);
  };
});
