import { expect, it } from 'vitest';
import { readArm } from '../src/app/window/read-arm.js';
import type { Deployment } from '../src/domain/deployment.js';
import type { Signal } from '../src/domain/policy.js';
import { ingestScene } from './ingest-scene.js';
import { HEADERS_2, packed, request2 } from './remote-write-messages.js';

const INTERVAL_MS = 60_000;
const deployment = {
  ...{ project: 'default', service: 'cart', environment: 'prod', version: '2', previousVersion: '1' },
} as Deployment;
const arms = { canary: { version: '{{version}}' }, control: { version: '{{previousVersion}}' } };

/** Arms of a signal over ten minutes that have passed. */
async function read(scene: Awaited<ReturnType<typeof ingestScene>>, signal: Signal, startMs: number) {
  const grid = { startMs, intervalMs: INTERVAL_MS, count: 10 };
  const arm = async (overlay: Readonly<Record<string, string>>) =>
    (await readArm({ source: scene.source, deployment, signal, overlay, grid })).arm;
  return { canary: await arm(arms.canary), control: await arm(arms.control) };
}

/** 2 observations near 1.5 and 1 near 3 every half a minute; the canary also has one near 12 from the fifth minute on. */
function observed(version: string, turn: number): readonly number[] {
  return [2 * turn, turn, version === '2' ? Math.max(0, turn - 10) : 0];
}

function expectBuckets(arm: Awaited<ReturnType<typeof read>>['canary'], late: number): void {
  if (arm.shape !== 'histogram') throw new Error('no histogram');
  const at = (bound: number, k: number): number | undefined =>
    arm.counts[arm.upperBounds.indexOf(bound)]?.[k];
  expect([at(2, 7), at(4, 7), at(16, 7) ?? 0]).toEqual([4, 2, late]);
}

it('native histograms of two versions keep their buckets to the arms, without a query', async () => {
  const scene = await ingestScene();
  const startMs = Math.floor(Date.now() / INTERVAL_MS) * INTERVAL_MS - 11 * INTERVAL_MS;
  for (let turn = 1; turn <= 24; turn += 1) {
    const series = ['1', '2'].map((version) => {
      const [two = 0, four = 0, sixteen = 0] = observed(version, turn);
      const spans = [{ offset: 1, length: 2 }, ...(sixteen > 0 ? [{ offset: 1, length: 1 }] : [])];
      const counts = [two, four, ...(sixteen > 0 ? [sixteen] : [])];
      const positiveDeltas = counts.map((count, index) => count - (counts[index - 1] ?? 0));
      const timestamp = startMs + (turn * INTERVAL_MS) / 2 - INTERVAL_MS;
      const histogram = {
        countInt: two + four + sixteen,
        sum: 1,
        schema: 0,
        timestamp,
        positiveSpans: spans,
        positiveDeltas,
      };
      return {
        labels: { __name__: 'wait_seconds', job: 'cart', version, instance: `i${version}` },
        histograms: [histogram],
        type: 3,
      };
    });
    expect((await scene.post('/api/v1/write', packed(request2(series)), HEADERS_2)).status).toBe(204);
  }
  const signal: Signal = {
    type: 'histogram',
    series: { metric: 'wait_seconds', labels: { service: '{{service}}' } },
  };
  const { canary, control } = await read(scene, signal, startMs);
  expectBuckets(canary, 2);
  expectBuckets(control, 0);
  await scene.close();
});

it('exponential histograms that come as increments do so too', async () => {
  const scene = await ingestScene();
  const startMs = Math.floor(Date.now() / INTERVAL_MS) * INTERVAL_MS - 11 * INTERVAL_MS;
  const nanoseconds = (timeMs: number) => `${timeMs}000000`;
  for (let turn = 1; turn <= 24; turn += 1) {
    const timeMs = startMs + (turn * INTERVAL_MS) / 2 - INTERVAL_MS;
    const resourceMetrics = ['1', '2'].map((version) => {
      const bucketCounts = version === '2' && turn > 10 ? ['2', '1', '0', '1'] : ['2', '1'];
      const point = {
        ...{ startTimeUnixNano: nanoseconds(timeMs - INTERVAL_MS / 2), timeUnixNano: nanoseconds(timeMs) },
        ...{
          count: String(bucketCounts.length === 2 ? 3 : 4),
          sum: 4,
          scale: 0,
          positive: { offset: 0, bucketCounts },
        },
      };
      const attributes = Object.entries({ 'service.name': 'cart', 'service.version': version }).map(
        ([key, stringValue]) => ({ key, value: { stringValue } }),
      );
      const metric = {
        name: 'wait',
        unit: 's',
        exponentialHistogram: { aggregationTemporality: 1, dataPoints: [point] },
      };
      return { resource: { attributes }, scopeMetrics: [{ metrics: [metric] }] };
    });
    const answer = await scene.post('/v1/metrics', JSON.stringify({ resourceMetrics }), {
      'content-type': 'application/json',
    });
    expect(await answer.json()).toEqual({});
  }
  const signal: Signal = {
    type: 'histogram',
    series: { metric: 'wait', labels: { service: '{{service}}' } },
  };
  const { canary, control } = await read(scene, signal, startMs);
  expectBuckets(canary, 2);
  expectBuckets(control, 0);
  await scene.close();
});
