import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../domain/deployment.js';
import type { Signal } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import { SourceError, type MetricSource } from '../../sources/port.js';
import { readArm, type ArmRequest } from './read-arm.js';

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
const read = async (signal: Signal, source: MetricSource, overlay = {}) =>
  (await readArm({ source, deployment, signal, overlay, grid })).arm;

/** A counter sampled once a second that grows by `step` each time. */
const counter = (fromMs: number, toMs: number, step: number, labels = {}) =>
  series(
    Array.from({ length: (toMs - fromMs) / 1000 + 1 }, (_, i) => [fromMs + i * 1000, i * step] as const),
    'counter',
    labels,
  );
const errorRatio: Signal = {
  type: 'ratio',
  events: { metric: 'bad', labels: { service: '{{service}}' } },
  total: { metric: 'all', labels: {} },
};
/** Events of ten intervals in which 100 requests each are counted. */
const eventsOf = async (bad: readonly SourceSeries[], change: Partial<ArmRequest> = {}) => {
  const { source } = sourceOf({ all: [counter(0, 10_000, 100)], bad });
  const reading = await readArm({
    source,
    deployment,
    signal: errorRatio,
    overlay: {},
    grid: { ...grid, count: 10 },
    ...change,
  });
  return { ...reading, events: reading.arm.shape === 'ratio' ? [...reading.arm.events] : [] };
};

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

  it('reads as far to either side as an increase is shared out', async () => {
    const { source, asked } = sourceOf({});
    await read({ type: 'counter', series: { metric: 'm', labels: {} }, combine: 'sum' }, source);
    expect(asked).toMatchObject([{ fromMs: -5_000, toMs: 8_000 }]);
  });

  it('counts no events before a series of them exists, and takes a gap in one for missing data', async () => {
    const { events } = await eventsOf([
      series(
        [
          [2_000, 3],
          [3_000, 4],
          [9_000, 8],
          [10_000, 9],
        ],
        'counter',
      ),
    ]);
    expect(events).toEqual([0, 0, 1, NaN, NaN, NaN, NaN, NaN, NaN, 1]);
  });

  it('takes events that stop while requests go on for missing data', async () => {
    const { events } = await eventsOf([counter(0, 4_000, 1)]);
    expect(events).toEqual([1, 1, 1, 1, NaN, NaN, NaN, NaN, NaN, NaN]);
  });

  it('counts none again once the instance that had failed has stopped as a whole', async () => {
    const { source } = sourceOf({
      all: [counter(0, 4_000, 50, { pod: 'a' }), counter(2_000, 10_000, 100, { pod: 'b' })],
      bad: [counter(0, 4_000, 1, { pod: 'a' })],
    });
    const arm = await readArm({
      source,
      deployment,
      signal: errorRatio,
      overlay: {},
      grid: { ...grid, count: 10 },
    });
    expect(arm.arm).toMatchObject({ events: Float64Array.from([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]) });
  });

  it('believes that nothing failed only of a metric that is known, and names the selector otherwise', async () => {
    const asked: unknown[] = [];
    const isKnown = (answer: boolean) => (selector: unknown) => {
      asked.push(selector);
      return Promise.resolve(answer);
    };
    const known = await eventsOf([], { isKnown: isKnown(true) });
    expect(known.events).toEqual(new Array(10).fill(0));
    expect(known.unknownEvents).toBeUndefined();
    const unknown = await eventsOf([], { isKnown: isKnown(false), overlay: { version: '{{version}}' } });
    expect(unknown.events).toEqual(new Array(10).fill(NaN));
    expect(unknown.unknownEvents).toEqual({ metric: 'bad', labels: { service: 'cart', version: 'v2' } });
    expect(asked).toHaveLength(2);
    await eventsOf([counter(0, 10_000, 1)], { isKnown: isKnown(false) });
    expect(asked).toHaveLength(2);
  });

  it('leaves an interval open while a counter has its next sample still to come, and closes it when the counter has ended', async () => {
    const { source } = sourceOf({ m: [counter(500, 2_500, 10), counter(400, 3_400, 10)] });
    const signal: Signal = { type: 'counter', series: { metric: 'm', labels: {} }, combine: 'sum' };
    const open = await read(signal, source);
    expect(open).toEqual({ shape: 'gauge', values: Float64Array.from([11, 20, NaN]) });
    const later = await readArm({ source, deployment, signal, overlay: {}, grid: { ...grid, count: 5 } });
    expect(later.arm).toMatchObject({ values: Float64Array.from([11, 20, 15, NaN, NaN]) });
  });

  it('lets others have their turn after every series', async () => {
    const { source } = sourceOf({ m: Array.from({ length: 20 }, () => counter(0, 3_000, 1)) });
    let turns = 0;
    let done = false;
    const tick = (): void => {
      turns += 1;
      if (!done) setImmediate(tick);
    };
    setImmediate(tick);
    await read({ type: 'counter', series: { metric: 'm', labels: {} }, combine: 'sum' }, source);
    done = true;
    expect(turns).toBeGreaterThanOrEqual(20);
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

  it('takes how far the furthest of several instances stands from the others', async () => {
    const at = (...values: readonly number[]): SourceSeries =>
      series(
        values.map((value, k) => [1000 * k + 100, value] as const),
        'gauge',
      );
    const signal = { type: 'gauge', series: { metric: 'm', labels: {} }, combine: 'outlier' } as const;
    const { source } = sourceOf({ m: [at(10, 10, 10), at(12, 12, 12), at(11, 3)] });
    expect(await read(signal, source)).toEqual({ shape: 'gauge', values: Float64Array.from([1, 7, NaN]) });
  });

  it('refuses to compare more instances than fit into memory, and says what to do', async () => {
    const one = series([[100, 1]], 'gauge');
    const { source } = sourceOf({ m: Array.from({ length: 51 }, () => one) });
    const signal = { type: 'gauge', series: { metric: 'm', labels: {} }, combine: 'outlier' } as const;
    const request = { source, deployment, signal, overlay: {}, grid: { ...grid, count: 100_000 } };
    await expect(readArm(request)).rejects.toThrow(/^51 series over 100000 intervals .* Narrow the selector/);
  });
});
