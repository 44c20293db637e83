import { createRandom } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import { createWatchRunner } from '../src/app/evaluate/watch-runner.js';
import { decodeSnapshot, encodeSnapshot } from '../src/app/window/snapshot-codec.js';
import { takeSnapshot } from '../src/app/window/take-snapshot.js';
import type { SampleBatch } from '../src/domain/sample.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';
import { ADMIN, createWorld } from './world.js';

const MINUTE_MS = 60_000;
const HISTORY = 900;
const LOOKS = 30;
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const POLICY = {
  mode: 'recommend' as const,
  interval: '1m',
  watch: `${LOOKS}m`,
  settle: '0s',
  history: `${HISTORY}m`,
  metrics: [
    {
      name: 'latency',
      kind: 'latency' as const,
      unit: 's',
      signal: {
        type: 'histogram' as const,
        series: { metric: 'http_request_duration_seconds', labels: { service: '{{service}}' } },
      },
    },
  ],
};

/** What a service that observes every request in a histogram of Prometheus' default buckets is scraped of, once a minute. */
function scraped(startMs: number, isSlow: (minute: number) => boolean): readonly SampleBatch[] {
  const random = createRandom(7);
  const ends = [...BOUNDS, Infinity];
  const grown = ends.map(() => 0);
  const values: number[][] = ends.map(() => []);
  const timesMs: number[] = [];
  for (let minute = 0; minute <= HISTORY + LOOKS; minute++) {
    timesMs.push(startMs + minute * MINUTE_MS);
    const requests = minute === 0 ? 0 : random.poisson(1000);
    for (let request = 0; request < requests; request++) {
      const slowed = isSlow(minute - 1) && random.uniform() < 0.02 ? 5 : 1;
      const seconds = 0.08 * Math.exp(0.5 * random.normal()) * slowed;
      const first = ends.findIndex((end) => seconds <= end);
      for (let bucket = first; bucket < ends.length; bucket++) grown[bucket] = (grown[bucket] ?? 0) + 1;
    }
    for (const [bucket, line] of values.entries()) line.push(grown[bucket] ?? 0);
  }
  return values.map((line, bucket) => ({
    project: 'default',
    metric: 'http_request_duration_seconds_bucket',
    labels: {
      service: 'cart',
      environment: 'prod',
      le: BOUNDS[bucket] === undefined ? '+Inf' : String(BOUNDS[bucket]),
    },
    type: 'counter',
    timesMs,
    values: line,
  }));
}

/** Pushes, watches and judges a release through everything but HTTP. */
async function judged(isSlow: (minute: number) => boolean) {
  const world = await createWorld({ policy: POLICY, engine: createInlineEngine() });
  const changeAtMs = Math.floor(world.nowMs() / MINUTE_MS) * MINUTE_MS;
  await world.useCases.pushSamples(ADMIN, scraped(changeAtMs - HISTORY * MINUTE_MS, isSlow));
  const deployment = await world.start({
    service: 'cart',
    environment: 'prod',
    version: 'v2',
    previousVersion: 'v1',
    startedAtMs: changeAtMs,
  });
  const [watch] = await world.store.watches({ deploymentId: deployment.id, state: 'watching' });
  const [step] = await world.store.steps(deployment.id);
  if (watch === undefined || step === undefined) throw new Error('nothing is watched');
  world.wait(2 * LOOKS * MINUTE_MS);
  const { sources } = world.ctx;
  const request = { sources, deployment, step, watch, baselineEndMs: changeAtMs, excludedMs: [] };
  const snapshot = await takeSnapshot(request);
  const runner = createWatchRunner(world.ctx, deployment, step, watch);
  for (let taken = 0; taken <= LOOKS; taken++) {
    const result = await runner.advance();
    if (result === 'gone' || result === 'waiting') break;
    if (result !== 'prepared' && result.watch.state !== 'watching') break;
  }
  const verdict = await world.store.latestVerdict(deployment.id);
  await world.store.close();
  return { verdict, snapshot };
}

describe('a latency histogram that was pushed bucket by bucket', () => {
  it('tells of a release after which 2 % of the requests take five times as long', async () => {
    const { verdict } = await judged((minute) => minute >= HISTORY);
    expect(verdict).toMatchObject({ value: 'rollback' });
    expect(verdict?.reasons).toContainEqual(
      expect.objectContaining({ code: 'harm-found', metric: 'latency' }),
    );
  });

  it('lets a release pass that changes nothing, and keeps its past to the bit', async () => {
    const { verdict, snapshot } = await judged(() => false);
    expect(verdict).toMatchObject({ value: 'continue' });
    expect(snapshot.metrics[0]?.treatment.shape).toBe('histogram');
    expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual(snapshot);
  });
});
