import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../domain/deployment.js';
import type { Signal } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import type { MetricSource } from '../../sources/port.js';
import { readArm } from './read-arm.js';

const COUNT = 6;
const grid = { startMs: 0, intervalMs: 1000, count: COUNT };
const deployment = {
  project: 'default',
  service: 'cart',
  environment: 'prod',
  version: 'v2',
  previousVersion: 'v1',
} as Deployment;
const signal: Signal = {
  type: 'histogram',
  series: { metric: 'seconds', labels: { service: '{{service}}' } },
};

/** Bucket counters of one instance; `perSecond` is what each bucket, cumulated, grows by every second. */
function instance(
  perSecond: Readonly<Record<string, number>>,
  labels: Readonly<Record<string, string>> = {},
  change: (value: number, second: number) => number = (value) => value,
): readonly SourceSeries[] {
  const times = Array.from({ length: COUNT + 1 }, (_, second) => second);
  return Object.entries(perSecond).map(([le, step]) => ({
    labels: { ...labels, le },
    type: 'counter' as const,
    timesMs: Float64Array.from(times, (second) => second * 1000),
    values: Float64Array.from(times, (second) => change(second * step, second)),
  }));
}

async function read(
  series: Readonly<Record<string, readonly SourceSeries[]>>,
  asked: Signal = signal,
  compared: readonly number[] = [],
) {
  const source: MetricSource = {
    name: 'fixed',
    fetch: ({ metric }) => Promise.resolve(series[metric] ?? []),
    evaluate: () => Promise.resolve(series['query'] ?? []),
  };
  const { arm } = await readArm({ source, deployment, signal: asked, overlay: {}, grid, bounds: compared });
  if (arm.shape !== 'histogram') throw new Error(arm.shape);
  return { bounds: [...arm.upperBounds], counts: arm.counts.map((line) => [...line]) };
}
const each = (value: number): readonly number[] => new Array<number>(COUNT).fill(value);

describe('a histogram', () => {
  it('holds what fell into each bucket in each interval, over all instances', async () => {
    const { bounds, counts } = await read({
      seconds_bucket: [
        ...instance({ '0.1': 6, '0.5': 9, '+Inf': 10 }, { pod: 'a' }),
        ...instance({ '+Inf': 2, '0.5': 2, '0.1': 1 }, { pod: 'b' }),
      ],
    });
    expect(bounds).toEqual([0.1, 0.5, Infinity]);
    expect(counts).toEqual([each(7), each(4), each(1)]);
  });

  it('sees that all buckets restart where only the total shows it', async () => {
    const restarted = (value: number, second: number): number => (second < 3 ? value : value / 2 + 3);
    const { counts } = await read({
      seconds_bucket: instance({ '0.1': 1, '+Inf': 100 }, {}, (value, second) =>
        // After the restart the first bucket holds more than before it, and the total less.
        value >= 100 || second === 0 ? (second < 3 ? value : value - 250) : restarted(value, second),
      ),
    });
    expect(counts.flat().every((count) => count >= 0)).toBe(true);
    expect(counts[0]?.[2]).toBeCloseTo(4.5);
    expect((counts[0]?.[2] ?? NaN) + (counts[1]?.[2] ?? NaN)).toBeCloseTo(50);
  });

  it('keeps the bounds at which instances with different buckets can be told apart', async () => {
    const { bounds, counts } = await read({
      seconds_bucket: [
        ...instance({ '0.1': 5, '0.2': 8, '0.5': 9, '+Inf': 10 }, { pod: 'a' }),
        ...instance({ '0.1': 5, '0.3': 8, '0.5': 9, '+Inf': 10 }, { pod: 'b' }),
      ],
    });
    expect(bounds).toEqual([0.1, 0.5, Infinity]);
    expect(counts).toEqual([each(10), each(8), each(2)]);
  });

  it('needs no bound at which nothing was observed', async () => {
    const { bounds } = await read({
      seconds_bucket: [
        ...instance({ '0.1': 5, '0.2': 8, '+Inf': 10 }, { pod: 'a' }),
        ...instance({ '0.1': 5, '+Inf': 5 }, { pod: 'b' }),
      ],
    });
    expect(bounds).toEqual([0.1, 0.2, Infinity]);
  });

  it('is thinned where it has very many buckets', async () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [String((i + 1) / 100), i + 1]));
    const { bounds, counts } = await read({ seconds_bucket: instance({ ...many, '+Inf': 121 }) });
    expect(bounds.length).toBeLessThanOrEqual(41);
    expect(counts.reduce((sum, line) => sum + (line[0] ?? NaN), 0)).toBeCloseTo(121);
  });

  it('keeps the bounds of its history however it is thinned itself', async () => {
    const steps = (from: number, to: number) => ({
      ...Object.fromEntries(Array.from({ length: to - from }, (_, i) => [String((from + i) / 100), i + 1])),
      '+Inf': to - from + 1,
    });
    const { bounds: history } = await read({ seconds_bucket: instance(steps(1, 45)) });
    // One bucket more at the bottom, and another every second one would be kept.
    const { bounds } = await read({ seconds_bucket: instance(steps(0, 45)) }, signal, history);
    expect(history.filter((bound) => !bounds.includes(bound))).toEqual([]);
    const coarse = { '0.02': 1, '0.4': 9, '+Inf': 10 };
    expect((await read({ seconds_bucket: instance(coarse) }, signal, history)).bounds).toEqual([
      0.02,
      0.4,
      Infinity,
    ]);
  });

  it('comes from native buckets where an instance has no classic ones', async () => {
    const { counts } = await read({
      seconds_bucket: instance({ '0.1': 6, '+Inf': 10 }, { pod: 'a' }),
      seconds: [
        ...instance({ '0.1': 60, '+Inf': 100 }, { pod: 'a' }),
        ...instance({ '0.1': 1, '+Inf': 2 }, { pod: 'b' }),
      ],
    });
    expect(counts).toEqual([each(7), each(5)]);
  });

  it('comes from a query that gives counts by le, and never from one that gives none', async () => {
    const asked: Signal = { type: 'histogram', source: 'fixed', query: 'sum by (le) (…)' };
    const points = Array.from({ length: COUNT }, (_, k) => k);
    const line = (value: number, labels: SourceSeries['labels']): SourceSeries => ({
      labels,
      type: 'gauge',
      timesMs: Float64Array.from(points, (k) => k * 1000),
      values: Float64Array.from(points, () => value),
    });
    const query = [line(4, { le: '0.1' }), line(7, { le: '+Inf' }), line(1, { le: 'nonsense' })];
    expect((await read({ query }, asked)).counts).toEqual([each(4), each(3)]);
    await expect(read({ query: [line(4, {})] }, asked)).rejects.toThrow(
      /keep that label, as in sum by \(le\)/,
    );
  });

  it('is missing where nothing was sampled, and without any series', async () => {
    const gone = instance({ '0.1': 6, '+Inf': 10 }).map((series) => ({
      ...series,
      timesMs: series.timesMs.subarray(0, 3),
      values: series.values.subarray(0, 3),
    }));
    const { counts } = await read({ seconds_bucket: gone });
    expect(counts[0]?.slice(0, 2)).toEqual([6, 6]);
    expect(counts.every((line) => line.slice(2).every(Number.isNaN))).toBe(true);
    const { bounds, counts: none } = await read({});
    expect(bounds).toEqual([Infinity]);
    expect(none[0]?.every(Number.isNaN)).toBe(true);
  });
});
