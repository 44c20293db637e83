import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuardedDial } from '../src/delivery/guarded-dial.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import type { Influx1Config } from '../src/sources/influx/config.js';
import { createInflux1Source } from '../src/sources/influx/v1/source.js';
import type { ExpressionQuery } from '../src/sources/port.js';
import { startInflux, type InfluxServer } from './influx-server.js';
import { describeWithServer } from './needs-server.js';

const START_MS = Date.UTC(2026, 0, 5);
const range = { project: 'default', fromMs: START_MS, toMs: START_MS + 86_400_000 };

describeWithServer('influxd', 'the InfluxDB 1.x source', () => {
  let server: InfluxServer;
  const open = (change: Partial<Influx1Config> = {}) =>
    createInflux1Source(
      {
        name: 'influx',
        url: server.url,
        database: 'metrics',
        field: 'value',
        timeoutMs: 10_000,
        headers: {},
        username: 'root',
        password: 'secret',
        secrets: ['secret'],
        tls: {},
        ...change,
      },
      {
        dial: createGuardedDial(createUrlGuard({ allow: ['127.0.0.1'] })),
        stop: new AbortController().signal,
      },
    );
  const evaluate = (expression: string, change: Partial<ExpressionQuery> = {}) =>
    open().evaluate({
      ...range,
      expression,
      variables: { service: 'cart', environment: 'prod', version: 'v2', previousVersion: 'v1' },
      toMs: START_MS + 30_000,
      stepMs: 10_000,
      ...change,
    });

  beforeAll(async () => {
    server = await startInflux({ auth: true });
    await server.query('CREATE DATABASE metrics');
    const point = (tags: string, field: string, value: string | number, atMs: number) =>
      `latency,${tags} ${field}=${value} ${START_MS + atMs}`;
    await server.write(
      'metrics',
      [
        ...[0, 5_000, 10_000, 25_000].map((atMs, index) =>
          point('service=cart,version=v1', 'value', index, atMs),
        ),
        point('service=cart,version=v2', 'value', 10, 1_000),
        point('service=cart', 'value', 7, 1_000),
        point('service=pay', 'p99', 3.5, 1_000),
        point('service=pay', 'note', '"slow"', 1_000),
        point('service=pay', 'up', 'true', 2_000),
        `dotted.name,service=pay value=1 ${START_MS}`,
        ...Array.from({ length: 1_100 }, (_, index) => `many,host=h${index} value=${index} ${START_MS}`),
        ...Array.from(
          { length: 12_500 },
          (_, index) => `long,host=a value=${index} ${START_MS + index * 1_000}`,
        ),
        `long,host=b value=1 ${START_MS}`,
      ].join('\n'),
    );
  });
  afterAll(() => server.stop());

  const fetched = async (metric: string, labels: Readonly<Record<string, string>>) =>
    (await open().fetch({ ...range, metric, labels })).map((series) => ({
      labels: series.labels,
      type: series.type,
      points: Array.from(series.timesMs, (timeMs, index) => [timeMs - START_MS, series.values[index]]),
    }));

  it('reads raw points by tag set, and tells a missing tag from any', async () => {
    expect(await fetched('latency', { service: 'cart' })).toEqual([
      { labels: { service: 'cart' }, type: 'gauge', points: [[1_000, 7]] },
      {
        labels: { service: 'cart', version: 'v1' },
        type: 'gauge',
        points: [
          [0, 0],
          [5_000, 1],
          [10_000, 2],
          [25_000, 3],
        ],
      },
      { labels: { service: 'cart', version: 'v2' }, type: 'gauge', points: [[1_000, 10]] },
    ]);
    expect(await fetched('latency', { service: 'cart', version: '' })).toHaveLength(1);
    expect(await fetched('latency', { service: 'nobody' })).toEqual([]);
    expect(await fetched('nothing', {})).toEqual([]);
  });

  it('reads other fields by name, truths as 1, and says so of texts', async () => {
    expect(await fetched('latency.p99', {})).toMatchObject([{ points: [[1_000, 3.5]] }]);
    expect(await fetched('latency.up', {})).toMatchObject([{ points: [[2_000, 1]] }]);
    expect(await fetched('dotted.name.value', {})).toMatchObject([{ points: [[0, 1]] }]);
    await expect(fetched('latency.note', {})).rejects.toMatchObject({
      code: 'bad-query',
      retryable: false,
      message: expect.stringContaining('"note" of "latency" holds texts') as string,
    });
  });

  it('pages through a long series, and leaves the short one beside it whole', async () => {
    const [a, b] = await fetched('long', {});
    expect(a?.points).toHaveLength(12_500);
    expect(a?.points).toEqual(Array.from({ length: 12_500 }, (_, index) => [index * 1_000, index]));
    expect(b?.points).toEqual([[0, 1]]);
  });

  it('evaluates more intervals than fit into one answer', async () => {
    const [series] = await evaluate(
      `SELECT max("value") FROM "long" WHERE $timeFilter GROUP BY time({{interval}}) fill(none)`,
      { stepMs: 1_000, toMs: START_MS + 20_000_000 },
    );
    expect([...(series?.values ?? [])]).toEqual(
      Array.from({ length: 12_500 }, (_, index) => Math.max(index, index === 0 ? 1 : 0)),
    );
  });

  it('never takes an answer that the server cut at its own limit for a whole one', async () => {
    const limited = await startInflux({ http: 'max-row-limit = 100' });
    try {
      await limited.query('CREATE DATABASE metrics');
      await limited.write(
        'metrics',
        Array.from({ length: 101 }, (_, index) => `m value=1 ${START_MS + index}`).join('\n'),
      );
      await expect(
        open({ url: limited.url }).fetch({ ...range, metric: 'm', labels: {} }),
      ).rejects.toMatchObject({
        code: 'partial',
        message: expect.stringContaining('max-row-limit') as string,
      });
    } finally {
      await limited.stop();
    }
  });

  it('names some of the series when far too many match', async () => {
    await expect(fetched('many', {})).rejects.toMatchObject({
      code: 'too-many-series',
      message: expect.stringMatching(/more than 1000 series .* such as \{"host":"h0"\}/) as string,
    });
  });

  it('puts what an expression gives on the grid of the watch', async () => {
    const query = `SELECT mean("value") FROM "latency" WHERE $timeFilter AND "service" = '{{service}}' AND "version" =~ /^{{version}}$/ GROUP BY time({{interval}}), "version" fill(none)`;
    const series = await evaluate(query, {
      variables: { service: 'cart', environment: '', version: 'v1', previousVersion: '' },
      fromMs: START_MS - 5_000,
    });
    expect(series).toEqual([
      {
        labels: { version: 'v1' },
        type: 'gauge',
        timesMs: Float64Array.of(START_MS - 5_000, START_MS + 5_000, START_MS + 25_000),
        values: Float64Array.of(0, 1.5, 3),
      },
    ]);
    const open = { service: 'cart', environment: '', previousVersion: '' };
    expect(await evaluate(query, { variables: open })).toHaveLength(3);
    expect(await evaluate(query, { variables: { ...open, version: '' } })).toMatchObject([{ labels: {} }]);
  });

  it('tells several columns apart', async () => {
    const two = `SELECT min("value"), max("value") FROM "latency" WHERE $timeFilter GROUP BY time({{interval}}) fill(none)`;
    expect((await evaluate(two)).map(({ labels }) => labels)).toEqual([{ column: 'min' }, { column: 'max' }]);
  });

  it.each([
    [
      'SELECT nonsense("value") FROM "latency" WHERE $timeFilter GROUP BY time({{interval}})',
      'undefined function nonsense()',
    ],
    ['SELECT mean("value") FROM WHERE $timeFilter GROUP BY time({{interval}})', 'error parsing query'],
  ])('gives the words of the server and the query: %s', async (expression, words) => {
    const failure = evaluate(expression);
    await expect(failure).rejects.toMatchObject({ code: 'bad-query', retryable: false });
    await expect(failure).rejects.toThrow(words);
    await expect(failure).rejects.toThrow('Query: SELECT');
  });

  it('says what is wrong with the settings, and never the password', async () => {
    const query = { ...range, metric: 'latency', labels: {} };
    const wrong = open({ password: 'not-it', secrets: ['not-it'] }).fetch(query);
    await expect(wrong).rejects.toMatchObject({ code: 'refused' });
    await expect(wrong).rejects.toThrow('authorization failed; check "username" and "password"');
    await expect(wrong).rejects.not.toThrow('not-it');
    await expect(open({ database: 'none' }).fetch(query)).rejects.toMatchObject({
      code: 'bad-query',
      message: expect.stringContaining(
        'database not found: none; check "database" of this source in the server configuration. Query:',
      ) as string,
    });
    await expect(open({ database: 'none' }).listSeries({ ...range, matchers: {} })).rejects.toThrow(
      'database not found: none; check "database"',
    );
    await expect(open({ retentionPolicy: 'short' }).fetch(query)).rejects.toThrow(
      'retention policy not found: short; check "retentionPolicy" of this source in the server configuration',
    );
  });

  it('lists the series of a service with their types, for what a policy can name', async () => {
    const listed = await open().listSeries({ ...range, matchers: { service: 'pay' } });
    expect(listed).toEqual([
      { metric: 'dotted.name.value', labels: { service: 'pay' }, type: 'gauge' },
      { metric: 'latency.p99', labels: { service: 'pay' }, type: 'gauge' },
      { metric: 'latency.up', labels: { service: 'pay' }, type: 'gauge' },
    ]);
    const later = { fromMs: START_MS + 50_000, matchers: { service: 'pay' } };
    expect(await open().listSeries({ ...range, ...later })).toEqual([]);
  });

  describe('with values that mean something to InfluxQL', () => {
    const tag = fc
      .string({
        unit: fc.constantFrom("'", '"', '/', '\\', '.', '*', '(', '[', '$', '-', ' ', ',', '=', 'a', 'ü'),
        minLength: 1,
        maxLength: 8,
      })
      // The line protocol itself cannot carry a backslash at the end.
      .filter((text) => !text.endsWith('\\'));
    it('finds exactly the series with that value, as a label and in an expression', async () => {
      const values = [...new Set(fc.sample(tag, { numRuns: 60, seed: 12 }))];
      const escape = (text: string) => text.replace(/[,= ]/g, String.raw`\$&`);
      await server.write(
        'metrics',
        values.map((value, index) => `nasty,service=${escape(value)} value=${index} ${START_MS}`).join('\n'),
      );
      for (const [index, service] of values.entries()) {
        expect(await fetched('nasty', { service })).toMatchObject([{ points: [[0, index]] }]);
        for (const where of [`"service" = '{{service}}'`, '"service" =~ /^{{service}}$/']) {
          const expression = `SELECT max("value") FROM "nasty" WHERE $timeFilter AND ${where} GROUP BY time({{interval}}), "service" fill(none)`;
          expect(
            await evaluate(expression, { variables: { service, environment: '', previousVersion: '' } }),
          ).toEqual([
            {
              labels: { service },
              type: 'gauge',
              timesMs: Float64Array.of(START_MS),
              values: Float64Array.of(index),
            },
          ]);
        }
      }
    });
  });
});
