import { createRandom } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../src/api/policy.js';
import { createWatchRunner } from '../src/app/evaluate/watch-runner.js';
import type { StartDeployment } from '../src/app/use-cases.js';
import type { Evidence } from '../src/domain/evidence.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';
import { createWorld, type World } from './world.js';

const INTERVAL_MS = 60_000;
const LOOKS = 30;
const HISTORY = 1440;
const ratioOf = (events: string) => ({
  type: 'ratio' as const,
  events: { metric: events, labels: { service: '{{service}}' } },
  total: { metric: 'requests_total', labels: { service: '{{service}}' } },
});
const latency = {
  name: 'latency',
  kind: 'latency' as const,
  signal: {
    type: 'gauge' as const,
    series: { metric: 'latency', labels: { service: '{{service}}' } },
  },
};
const policyOf = (metrics: PolicyInput['metrics']): Partial<PolicyInput> => ({
  interval: '60s',
  watch: '30m',
  settle: '0s',
  history: '1d',
  mode: 'recommend',
  metrics,
});

/** A quiet day and a quiet half hour: latency of two pods under one service, and requests without any failure series. */
async function pushQuiet(world: World): Promise<void> {
  const random = createRandom(5);
  const fromMs = world.nowMs() - HISTORY * INTERVAL_MS;
  const timesMs = Array.from({ length: HISTORY + LOOKS + 1 }, (_, i) => fromMs + i * INTERVAL_MS);
  const place = { project: 'default', timesMs };
  const noise = (): number[] => timesMs.map(() => 0.1 * Math.exp(0.05 * random.normal()));
  let requests = 0;
  await world.store.samples.append([
    { ...place, metric: 'latency', labels: { service: 'cart' }, type: 'gauge', values: noise() },
    { ...place, metric: 'memory', labels: { service: 'cart', pod: 'a' }, type: 'gauge', values: noise() },
    { ...place, metric: 'memory', labels: { service: 'cart', pod: 'b' }, type: 'gauge', values: noise() },
    {
      ...place,
      metric: 'requests_total',
      labels: { service: 'cart' },
      type: 'counter',
      values: timesMs.map(() => (requests += random.poisson(200))),
    },
  ]);
}

async function watchThrough(
  metrics: PolicyInput['metrics'],
  options: {
    readonly push?: (world: World) => Promise<void>;
    readonly start?: Partial<StartDeployment>;
  } = {},
) {
  const world = await createWorld({ policy: policyOf(metrics), engine: createInlineEngine() });
  await pushQuiet(world);
  await options.push?.(world);
  const { id } = await world.start(options.start);
  const deployment = await world.store.deployment(id);
  const [step] = await world.store.steps(id);
  const [watch] = await world.store.watches({ deploymentId: id, state: 'watching' });
  if (!deployment || !step || !watch) throw new Error('nothing was started');
  const runner = createWatchRunner(world.ctx, deployment, step, watch);
  for (;;) {
    const result = await runner.advance();
    if (result === 'gone') throw new Error('the watch is gone');
    if (typeof result === 'object' && result.verdict && result.verdict.value !== 'pending')
      return { world, verdict: result.verdict };
  }
}
const findingOf = (verdict: Awaited<ReturnType<typeof watchThrough>>['verdict'], name: string) =>
  verdict.findings.find((finding) => finding.name === name);

const memory = {
  name: 'memory',
  kind: 'saturation' as const,
  signal: {
    type: 'gauge' as const,
    series: { metric: 'memory', labels: { service: '{{service}}' } },
    combine: 'only' as const,
  },
};

describe('a metric that cannot be read', () => {
  it('leaves the watch to the others when it is optional, and says what to mend', async () => {
    const { world, verdict } = await watchThrough([latency, { ...memory, missing: 'optional' }]);
    expect(verdict.value).toBe('continue');
    expect(findingOf(verdict, 'memory')).toMatchObject({ status: 'insufficient' });
    expect(findingOf(verdict, 'memory')?.text).toMatch(/combine: "only".*2 match: \{"pod":"a"/);
    const bytes = await world.store.blob(verdict.evidenceHash ?? '');
    const { assessment } = JSON.parse(Buffer.from(bytes ?? []).toString('utf8')) as Evidence;
    expect(assessment.metrics[1]).toMatchObject({ name: 'memory', reason: { code: 'too-many-series' } });
  });

  it('ends the watch inconclusive when it is required, and the verdict says why', async () => {
    const { verdict } = await watchThrough([latency, { ...memory, missing: 'required' }]);
    expect(verdict).toMatchObject({ value: 'inconclusive', rule: 'not-enough-data' });
    expect(verdict.reasons[0]).toMatchObject({ code: 'too-many-series', metric: 'memory' });
    expect(verdict.reasons[0]?.text).toContain('2 match');
    expect(verdict.look).toBe(LOOKS);
  });

  it('is inconclusive about failures under a name that nobody knows, and names the selector', async () => {
    const { verdict } = await watchThrough([
      { name: 'errors', kind: 'error', signal: ratioOf('request_failures_totl') },
    ]);
    expect(verdict).toMatchObject({ value: 'inconclusive', rule: 'not-enough-data' });
    expect(verdict.reasons[0]?.text).toMatch(/request_failures_totl\{"service":"cart"\}.*misspelt/);
    expect(findingOf(verdict, 'errors')?.text).toContain('request_failures_totl');
  });

  it('believes that nothing failed when another service exports the failures', async () => {
    const { verdict } = await watchThrough(
      [{ name: 'errors', kind: 'error', signal: ratioOf('failures_total') }],
      {
        push: async (world) => {
          const timesMs = Array.from({ length: 10 }, (_, i) => world.nowMs() - i * INTERVAL_MS).reverse();
          await world.store.samples.append([
            {
              project: 'default',
              metric: 'failures_total',
              labels: { service: 'checkout' },
              type: 'counter',
              timesMs,
              values: timesMs.map((_, i) => i),
            },
          ]);
        },
      },
    );
    expect(verdict.value).toBe('continue');
  });
});

describe('a canary that serves nothing', () => {
  it('is rolled back with a harm probability that the silence bears out, whatever the science says', async () => {
    const push = async (world: World) => {
      const timesMs = Array.from({ length: LOOKS + 121 }, (_, i) => world.nowMs() + (i - 120) * INTERVAL_MS);
      const common = { project: 'default', type: 'counter' as const };
      const series = (metric: string, version: string, perInterval: (i: number) => number) => {
        let sum = 0;
        const values = timesMs.map((_, i) => (sum += perInterval(i)));
        return { ...common, metric, labels: { service: 'shop', version }, timesMs, values };
      };
      await world.store.samples.append([
        series('requests_total', 'v1', () => 180),
        series('failures_total', 'v1', (i) => (i % 5 === 0 ? 1 : 0)),
        series('requests_total', 'v2', (i) => (i > 125 ? 0 : i < 120 ? 0 : 20)),
        series('failures_total', 'v2', () => 0),
      ]);
    };
    const { verdict } = await watchThrough(
      [{ name: 'errors', kind: 'error', signal: ratioOf('failures_total') }],
      {
        push,
        start: {
          service: 'shop',
          strategy: 'canary',
          plannedSteps: [{ name: '10 %', trafficShare: 0.1 }, { name: 'all' }],
        },
      },
    );
    expect(verdict).toMatchObject({ value: 'rollback', rule: 'canary-silent', guarantee: 'guard-rail' });
    expect(verdict.harmProbability).toBeGreaterThan(0.999);
    expect(verdict.confidence).toBe(verdict.harmProbability);
    expect(verdict.reasons[0]?.text).toMatch(/served nothing for 3 intervals.*540 requests.*about 60/);
  });
});
