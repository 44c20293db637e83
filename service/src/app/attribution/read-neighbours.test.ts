import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../domain/deployment.js';
import { SourceError, type MetricSource } from '../../sources/port.js';
import { fakePolicy } from '../fake-policy.js';
import { pushOnly } from '../sources.test-support.js';
import type { NeighbourSeries } from './choose-neighbours.js';
import { readNeighbours } from './read-neighbours.js';
import { withinTime } from './within-time.js';

const grid = { startMs: 0, intervalMs: 1_000, count: 3, factor: 1 };

function seriesOf(service: string): NeighbourSeries {
  const [spec] = fakePolicy.metrics;
  if (spec === undefined) throw new Error('the fake policy has a metric');
  // Only what reading asks for.
  const deployment = {
    service,
    project: 'default',
    environment: 'prod',
    version: '2',
    policy: fakePolicy,
  } as Deployment;
  return {
    deployment,
    spec: {
      ...spec,
      signal: {
        type: 'gauge',
        series: { metric: 'p95', labels: { service: '{{service}}' } },
        combine: 'mean',
      },
    },
  };
}

/** A source that answers for most, refuses one and hangs at another. */
const source: MetricSource = {
  name: 'push',
  async fetch({ labels }) {
    if (labels['service'] === 'broken') throw new SourceError('unavailable', 'gone', true);
    if (labels['service'] === 'slow') await sleep(5_000, undefined, { ref: false });
    return [
      { labels, type: 'gauge', timesMs: Float64Array.of(100, 2_100), values: Float64Array.of(1.23456789, 3) },
    ];
  },
};
const read = (names: readonly string[], limitMs?: number) =>
  readNeighbours({ sources: pushOnly(source) }, names.map(seriesOf), grid, limitMs);

describe('readNeighbours', () => {
  it('reads the whole service on the grid, and does without what cannot be read', async () => {
    const { metrics, servicesTooLate } = await read(['a', 'broken', 'b']);
    expect(metrics.map(({ service }) => service)).toEqual(['a', 'b']);
    expect(metrics[0]).toMatchObject({ kind: 'latency', direction: 'up', values: [1.23457, null, 3] });
    expect(servicesTooLate).toBe(0);
  });

  it('stops when its time is up', async () => {
    const { metrics, servicesTooLate } = await read(['a', 'slow', 'b', 'b'], 150);
    expect(metrics.map(({ service }) => service)).toEqual(['a']);
    expect(servicesTooLate).toBe(2);
  });
});

describe('withinTime', () => {
  it('gives the answer, the failure, or that it is late', async () => {
    expect(await withinTime(Promise.resolve(4), 1_000)).toBe(4);
    await expect(withinTime(Promise.reject(new Error('no')), 1_000)).rejects.toThrow('no');
    expect(await withinTime(new Promise(() => undefined), 5)).toBe('late');
  });
});
