import { afterEach, describe, expect, it } from 'vitest';
import { createGuardedDial } from '../src/delivery/guarded-dial.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import { createInflux2Source } from '../src/sources/influx/v2/source.js';
import { startInflux2Double, type FluxAnswer } from './influx2-double.js';

const START_MS = Date.UTC(2026, 0, 5);
const range = { project: 'default', fromMs: START_MS, toMs: START_MS + 3_600_000 };
const iso = (ms: number): string => new Date(START_MS + ms).toISOString().replace('.000Z', 'Z');
const EVERY = `from(bucket: "m") |> range(start: {{from}}, stop: {{to}}) |> filter(fn: (r) => r.service == "{{service}}") |> aggregateWindow(every: {{interval}}, offset: {{offset}}, fn: mean, timeSrc: "_start", createEmpty: false)`;

describe('the InfluxDB 2.x source, against a double', () => {
  let stop: (() => Promise<void>) | undefined;
  afterEach(() => stop?.());

  const open = async (answer: (flux: string) => FluxAnswer, change = {}) => {
    const double = await startInflux2Double(answer);
    stop = double.stop;
    const source = createInflux2Source(
      {
        name: 'influx2',
        url: double.url,
        org: 'acme',
        bucket: 'm',
        token: 'right',
        secrets: ['right'],
        field: 'value',
        timeoutMs: 5_000,
        headers: {},
        tls: {},
        ...change,
      },
      {
        dial: createGuardedDial(createUrlGuard({ allow: [double.host] })),
        stop: new AbortController().signal,
      },
    );
    const evaluate = (expression = EVERY) =>
      source.evaluate({
        ...range,
        expression,
        variables: { service: 'ca"rt', environment: '', version: 'v1', previousVersion: '' },
        stepMs: 60_000,
      });
    return { source, evaluate, scripts: double.scripts };
  };
  const latency = { _measurement: 'latency', _field: 'value' };

  it('reads raw points by their group key', async () => {
    const { source, scripts } = await open(() => ({
      tables: [
        {
          group: { ...latency, service: 'cart', note: 'a,"b"' },
          rows: [
            [iso(0), '1.5'],
            ['2026-01-05T00:00:01.5000009Z', '-2e-3'],
            [iso(5_000), ''],
            [iso(6_000), 'NaN'],
            [iso(7_000), '+Inf'],
          ],
        },
        { group: { ...latency, service: 'cart', host: 'b' }, rows: [[iso(0), '7']], type: 'long' },
        { group: { ...latency, service: 'cart', host: 'c' }, rows: [[iso(0), 'true']], type: 'boolean' },
      ],
    }));
    const series = await source.fetch({
      ...range,
      metric: 'latency',
      labels: { service: 'cart', version: '' },
    });
    expect(series.map(({ labels, timesMs, values }) => [labels, [...timesMs], [...values]])).toEqual([
      [{ service: 'cart', note: 'a,"b"' }, [START_MS, START_MS + 1_500], [1.5, -0.002]],
      [{ service: 'cart', host: 'b' }, [START_MS], [7]],
      [{ service: 'cart', host: 'c' }, [START_MS], [1]],
    ]);
    expect(scripts).toEqual([
      'from(bucket: "m") |> range(start: 2026-01-05T00:00:00.000Z, stop: 2026-01-05T01:00:00.000Z) |> filter(fn: (r) => r._measurement == "latency" and r._field == "value" and r["service"] == "cart" and (not exists r["version"] or r["version"] == ""))',
    ]);
  });

  it('puts what a script gives on the grid', async () => {
    const { evaluate, scripts } = await open(() => ({
      tables: [
        {
          group: { ...latency, host: 'a' },
          rows: [
            [iso(0), '1'],
            [iso(120_000), '3'],
          ],
        },
      ],
    }));
    expect(await evaluate()).toEqual([
      {
        labels: { host: 'a' },
        type: 'gauge',
        timesMs: Float64Array.of(START_MS, START_MS + 120_000),
        values: Float64Array.of(1, 3),
      },
    ]);
    expect(scripts[0]).toContain('r.service == "ca\\"rt"');
    expect(scripts[0]).toContain('every: 60000ms, offset: 0ms');
  });

  it('refuses several values for one interval, and rows without a time', async () => {
    const { evaluate } = await open(() => ({
      tables: [
        {
          group: latency,
          rows: [
            [iso(0), '1'],
            [iso(1_000), '3'],
          ],
        },
      ],
    }));
    await expect(evaluate()).rejects.toMatchObject({
      code: 'bad-query',
      message: expect.stringContaining('several values for one interval') as string,
    });
  });

  it('keeps fields apart that answer together', async () => {
    const { evaluate } = await open(() => ({
      tables: ['p50', 'p99'].map((_field) => ({ group: { ...latency, _field }, rows: [[iso(0), '1']] })),
    }));
    expect((await evaluate()).map(({ labels }) => labels)).toEqual([{ _field: 'p50' }, { _field: 'p99' }]);
  });

  it('gives nothing where nothing answers', async () => {
    const { source, evaluate } = await open(() => ({ tables: [] }));
    expect(await source.fetch({ ...range, metric: 'latency', labels: {} })).toEqual([]);
    expect(await evaluate()).toEqual([]);
  });

  it.each<[string, FluxAnswer, string]>([
    [
      'a script that does not compile',
      { status: 400, code: 'invalid', message: 'compilation failed: x' },
      'compilation failed: x',
    ],
    [
      'a bucket that is not there',
      { status: 404, code: 'not found', message: 'bucket "m" not found' },
      'bucket "m" not found',
    ],
    ['a failure in the middle', { tables: [], failsWith: 'runtime error: y' }, 'runtime error: y'],
    [
      'texts',
      { tables: [{ group: latency, rows: [[iso(0), 'slow']], type: 'string' }] },
      'of the type string',
    ],
  ])('gives the words of the server and the script for %s', async (_what, answer, words) => {
    const { evaluate } = await open(() => answer);
    const failure = evaluate();
    await expect(failure).rejects.toMatchObject({ code: 'bad-query', retryable: false });
    await expect(failure).rejects.toThrow(words);
    await expect(failure).rejects.toThrow('Query: from(bucket');
  });

  it('says that the token is wrong without showing it', async () => {
    const { evaluate } = await open(() => ({ tables: [] }), {
      token: 'wrong-token',
      secrets: ['wrong-token'],
    });
    await expect(evaluate()).rejects.toMatchObject({ code: 'refused' });
    await expect(evaluate()).rejects.toThrow('401: unauthorized access; check "token" and "org"');
  });

  it.each([
    ['from(bucket: "m") |> range(start: {{from}}, stop: {{to}}) |> to(bucket: "n")', 'the word "to"'],
    [`import "http"\n${EVERY}`, 'must not hold import "http"'],
    [`import "sql"\n${EVERY}`, 'may import date'],
    [`${EVERY} // "`, 'comments'],
    [EVERY.replace('"{{service}}"', '"${r.a}"'), '${'],
    [EVERY.replace('"{{service}}"', '{{service}}'), 'write "{{service}}"'],
    [EVERY.replace('{{interval}}', '1m'), 'is not grouped'],
    [EVERY.replace('{{from}}', '-1h'), 'has no time range'],
  ])('sends no script that could do more than read its range: %s', async (expression, words) => {
    const { evaluate, scripts } = await open(() => ({ tables: [] }));
    await expect(evaluate(expression)).rejects.toThrow(words);
    expect(scripts).toEqual([]);
  });
});
