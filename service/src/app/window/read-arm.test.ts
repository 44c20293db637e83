import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../domain/deployment.js';
import type { Signal } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import { SourceError, type MetricSource } from '../../sources/port.js';
import { readArm } from './read-arm.js';

const deployment = {
  project: 'default',
  service: 'cart',
  environment: 'prod',
  version: 'v2',
  previousVersion: 'v1',
} as Deployment;
const grid = { startMs: 0, intervalMs: 1000, count: 3 };

/** Series by metric name; remembers what was asked. */
function sourceOf(series: Readonly<Record<string, readonly SourceSeries[]>>) {
  const asked: Parameters<MetricSource['fetch']>[0][] = [];
  const source: MetricSource = {
    name: 'fixed',
    fetch: (query) => {
      asked.push(query);
      return Promise.resolve(series[query.metric] ?? []);
    },
  };
  return { source, asked };
}
const series = (
  points: readonly (readonly [number, number])[],
  type: SourceSeries['type'],
  labels = {},
): SourceSeries => ({
  labels,
  type,
  timesMs: Float64Array.from(points, ([t]) => t),
  values: Float64Array.from(points, ([, v]) => v),
});
const read = (signal: Signal, source: MetricSource, overlay = {}) =>
  readArm({ source, deployment, signal, overlay, grid });

describe('readArm', () => {
  it('fills in the variables of the selector and of the arm laid over it', async () => {
    const { source, asked } = sourceOf({});
    const signal: Signal = {
      type: 'gauge',
      series: { metric: 'm', labels: { service: '{{service}}', at: '{{nowhere}}' } },
      combine: 'mean',
    };
    await read(signal, source, { version: '{{ version }}' });
    expect(asked[0]?.labels).toEqual({ service: 'cart', version: 'v2', at: '{{nowhere}}' });
  });

  it('turns counters of several instances into one rate per second, resets healed', async () => {
    const one = series(
      [
        [0, 10],
        [1000, 20],
        [2000, 5],
        [3000, 10],
      ],
      'counter',
    );
    const two = series(
      [
        [0, 0],
        [1000, 1],
        [2000, 2],
        [3000, 3],
      ],
      'counter',
    );
    const { source } = sourceOf({ m: [one, two] });
    const arm = await read({ type: 'counter', series: { metric: 'm', labels: {} }, combine: 'sum' }, source);
    expect(arm).toEqual({ shape: 'gauge', values: Float64Array.from([11, 6, 6]) });
  });

  it('counts no events where requests were counted and no failure was ever exported', async () => {
    const { source } = sourceOf({
      all: [
        series(
          [
            [0, 0],
            [1000, 100],
            [2000, 200],
          ],
          'counter',
        ),
      ],
    });
    const arm = await read(
      { type: 'ratio', events: { metric: 'bad', labels: {} }, total: { metric: 'all', labels: {} } },
      source,
    );
    expect(arm).toEqual({
      shape: 'ratio',
      events: Float64Array.from([0, 0, NaN]),
      totals: Float64Array.from([100, 100, NaN]),
    });
  });

  it('refuses several series where one was asked for, and lists them', async () => {
    const { source } = sourceOf({
      m: [series([], 'gauge', { pod: 'a' }), series([], 'gauge', { pod: 'b' })],
    });
    const reading = read({ type: 'gauge', series: { metric: 'm', labels: {} }, combine: 'only' }, source);
    await expect(reading).rejects.toBeInstanceOf(SourceError);
    await expect(reading).rejects.toThrow(/2 match: \{"pod":"a"\}, \{"pod":"b"\}/);
  });

  it('averages gauges, or takes the highest, over those that report', async () => {
    const { source } = sourceOf({
      m: [
        series(
          [
            [100, 1],
            [1100, 3],
          ],
          'gauge',
        ),
        series([[200, 5]], 'gauge'),
      ],
    });
    const gauge = { type: 'gauge', series: { metric: 'm', labels: {} } } as const;
    expect(await read({ ...gauge, combine: 'mean' }, source)).toEqual({
      shape: 'gauge',
      values: Float64Array.from([3, 3, NaN]),
    });
    expect(await read({ ...gauge, combine: 'max' }, source)).toEqual({
      shape: 'gauge',
      values: Float64Array.from([5, 3, NaN]),
    });
  });
});
