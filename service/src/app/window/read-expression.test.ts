import { describe, expect, it } from 'vitest';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { MetricSpec, Signal } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import type { Watch } from '../../domain/watch.js';
import { SourceError, type ExpressionQuery, type MetricSource } from '../../sources/port.js';
import { openLiveWindow } from './live-window.js';

const CHANGE_MS = 600_000;
const INTERVAL_MS = 10_000;
const LOOKS = 4;

/** Values of an expression in consecutive intervals from the first that is asked for; NaN is no point. */
type Table = (query: ExpressionQuery) => readonly (readonly number[])[];

function sourceOf(table: Table) {
  const asked: ExpressionQuery[] = [];
  const source: MetricSource = {
    name: 'prom',
    asksTogether: true,
    fetch: () => Promise.resolve([]),
    evaluate: (query) => {
      asked.push(query);
      return Promise.resolve(
        table(query).map((values, i): SourceSeries => {
          const points = [...values.entries()].filter(([, value]) => !Number.isNaN(value));
          return {
            labels: { pod: `p${i}` },
            type: 'gauge',
            timesMs: Float64Array.from(points, ([k]) => query.fromMs + k * query.stepMs),
            values: Float64Array.from(points, ([, value]) => value),
          };
        }),
      );
    },
  };
  return { source, asked };
}

async function look(
  signal: Signal,
  source: MetricSource,
  change: {
    readonly missing?: MetricSpec['missing'];
    readonly share?: number;
    readonly goOn?: boolean;
    readonly version?: string;
  } = {},
) {
  const { missing = 'required', share = 0.1, goOn = false, version = '2' } = change;
  const spec = { name: 'm', signal, missing, arms: { treatment: {}, control: {} } } as unknown as MetricSpec;
  const deployment = {
    project: 'shop',
    service: 'cart',
    environment: 'prod',
    version,
    previousVersion: '1',
    strategy: 'canary',
    plannedSteps: [],
    policy: { metrics: [spec], intervalMs: INTERVAL_MS, historyMs: CHANGE_MS },
  } as unknown as Deployment;
  const step = { deploymentId: 'd', index: 0, trafficShare: share } as Step;
  const watch = { changeAtMs: CHANGE_MS, intervalMs: INTERVAL_MS, settleMs: 0, plannedLooks: LOOKS } as Watch;
  const sources = new Map([['prom', { source, project: 'shop' }]]);
  const window = openLiveWindow(sources, deployment, step, watch);
  const [metric] = await window.upTo(LOOKS, { goOnWithoutOptional: goOn });
  if (metric === undefined) throw new Error('it was asked for');
  return metric;
}
const gauge = (query: string, control?: string): Signal => ({
  type: 'gauge',
  source: 'prom',
  query,
  combine: 'only',
  ...(control === undefined ? {} : { control: { query: control } }),
});
const ratio: Signal = {
  type: 'ratio',
  source: 'prom',
  events: { query: 'bad {{version}}' },
  total: { query: 'all {{version}}' },
};
const isTotal = ({ expression }: ExpressionQuery): boolean => expression.startsWith('all');
const versionsOf = (asked: readonly ExpressionQuery[]) => asked.map(({ variables }) => variables.version);

describe('an expression', () => {
  it('is asked for each arm in its version, over the intervals of the look', async () => {
    const { source, asked } = sourceOf(({ variables }) => [[1, 2, NaN, variables.version === '1' ? 8 : 4]]);
    const metric = await look(gauge('m{{version}}'), source);
    expect(metric).toMatchObject({
      treatment: { values: Float64Array.of(1, 2, NaN, 4) },
      control: { values: Float64Array.of(1, 2, NaN, 8) },
    });
    expect(versionsOf(asked)).toEqual(['2', '1']);
    expect(asked[0]).toMatchObject({
      project: 'shop',
      fromMs: CHANGE_MS,
      toMs: 640_000,
      stepMs: INTERVAL_MS,
    });
  });

  it('is asked for any version where the arm is the whole service', async () => {
    const { source, asked } = sourceOf(() => [[1, 1, 1, 1]]);
    expect((await look(gauge('m{{version}}'), source, { share: 1 })).control).toBeUndefined();
    expect(versionsOf(asked)).toEqual([undefined]);
    expect(asked[0]?.variables.previousVersion).toBe('1');
  });

  it('may be another one for the control arm', async () => {
    const { source, asked } = sourceOf(() => [[1, 1, 1, 1]]);
    await look(gauge('canary', 'stable {{version}}'), source);
    expect(asked.map(({ expression }) => expression)).toEqual(['canary', 'stable {{version}}']);
  });

  it('that names no arm has no control group: both would read the same numbers', async () => {
    const { source, asked } = sourceOf(() => [[1, 1, 1, 1]]);
    expect((await look(gauge('m'), source)).control).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('that comes to the same for both arms has none either: one version twice, or the previous one', async () => {
    const { source, asked } = sourceOf(() => [[1, 1, 1, 1]]);
    expect((await look(gauge('m{{version}}'), source, { version: '1' })).control).toBeUndefined();
    expect((await look(gauge('m{{previousVersion}}'), source)).control).toBeUndefined();
    const halfSplit: Signal = { ...ratio, total: { query: 'all' } };
    expect((await look(halfSplit, source)).control).toBeUndefined();
    expect(versionsOf(asked).filter((version) => version !== undefined)).toEqual([]);
  });

  it('with several answers is a problem that lists them, and leaves the look alone', async () => {
    const { source } = sourceOf(() => [[1], [2]]);
    const metric = await look(gauge('m'), source);
    expect(metric.problem).toMatchObject({ code: 'too-many-series', metric: 'm' });
    expect(metric.problem?.text).toMatch(/2 match: \{"pod":"p0"\}, \{"pod":"p1"\}/);
  });

  it('counts a ratio by the interval; before its first value there were no events', async () => {
    const { source } = sourceOf((query) => (isTotal(query) ? [[9, 9, 9, 9]] : [[NaN, 2, 3, 4]]));
    expect((await look(ratio, source)).treatment).toMatchObject({
      events: Float64Array.of(0, 2, 3, 4),
      totals: Float64Array.of(9, 9, 9, 9),
    });
  });

  it('of events that never had a value is believed only when it had one before the change', async () => {
    let before = false;
    const { source, asked } = sourceOf((query) => {
      if (isTotal(query)) return [[9, 9, 9, 9]];
      return before && query.fromMs < CHANGE_MS ? [[1]] : [];
    });
    const unknown = await look(ratio, source);
    expect(unknown.problem?.text).toMatch(/events query has given no value.*or vector\(0\).*Query: bad/);
    expect(asked.at(-1)).toMatchObject({ expression: 'bad {{version}}', fromMs: 0 });
    before = true;
    const known = await look(ratio, source);
    expect([known.problem, known.treatment]).toMatchObject([
      undefined,
      { events: Float64Array.of(0, 0, 0, 0) },
    ]);
  });
});

describe('a source', () => {
  const down: MetricSource = {
    name: 'prom',
    fetch: () => Promise.reject(new SourceError('unavailable', 'prom is down', true)),
    evaluate: () => Promise.reject(new SourceError('unavailable', 'prom is down', true)),
  };

  it('that does not answer holds the look up, unless the metric is optional and was waited for', async () => {
    await expect(look(gauge('m'), down)).rejects.toThrow('prom is down');
    await expect(look(gauge('m'), down, { missing: 'optional' })).rejects.toThrow('prom is down');
    await expect(look(gauge('m'), down, { goOn: true })).rejects.toThrow('prom is down');
    expect(await look(gauge('m'), down, { missing: 'optional', goOn: true })).toMatchObject({
      treatment: { values: new Float64Array(LOOKS).fill(NaN) },
      problem: { code: 'unavailable', text: 'm could not be read: prom is down' },
      unanswered: true,
    });
  });

  it.each([
    [{ ...gauge('m'), source: 'gone' }, 'unknown-source', /no source "gone" \(known: prom\)/],
    [gauge('m'), 'bad-query', /"prom" has no query language; give a selector/],
  ])('that cannot be asked is the problem of its metric: %j', async (signal, code, text) => {
    const speechless: MetricSource = { name: 'prom', fetch: () => Promise.resolve([]) };
    const metric = await look(signal, speechless);
    expect(metric.problem).toMatchObject({ code, text: expect.stringMatching(text) as string });
  });
});
