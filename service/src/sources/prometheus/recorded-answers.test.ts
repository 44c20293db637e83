import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MetricSource } from '../port.js';
import { createPrometheusSource } from './source.js';

const FROM_MS = Date.UTC(2026, 0, 15, 12);
const MINUTE_MS = 60_000;
const range = { project: 'default', fromMs: FROM_MS, toMs: FROM_MS + 10 * MINUTE_MS };
const variables = { service: 'cart', environment: 'prod', previousVersion: '1.0' };

interface Exchange {
  readonly answer: { readonly status: number; readonly body: string };
}

/** A source that hears what a real server once said; `service/test/prometheus-wire.test.ts` recorded it. */
function recorded(folder: string, name: string, change = (body: string) => body): MetricSource {
  const file = new URL(`../../../../fixtures/wire/prometheus/${folder}/${name}.json`, import.meta.url);
  const exchanges = JSON.parse(readFileSync(file, 'utf8')) as readonly Exchange[];
  let next = 0;
  return createPrometheusSource(
    { name: 'metrics', url: 'http://recorded.test', headers: {}, timeoutMs: 1_000, secrets: [] },
    {
      stop: new AbortController().signal,
      firstPauseMs: 5,
      fetch: () => {
        const { status, body } = (exchanges[next] ?? exchanges.at(-1))?.answer ?? { status: 500, body: '' };
        next += 1;
        return Promise.resolve({ status, header: () => undefined, body: change(body) });
      },
    },
  );
}
const evaluate = async (source: MetricSource) =>
  (await source.evaluate?.({ ...range, stepMs: MINUTE_MS, variables, expression: 'recorded' })) ?? [];
const indexes = (timesMs: Float64Array | undefined): readonly number[] =>
  [...(timesMs ?? [])].map((timeMs) => (timeMs - FROM_MS) / MINUTE_MS);

describe.each(['prometheus-2.42', 'victoria-metrics-1.79'])('what %s said', (folder) => {
  const of = (name: string) => recorded(folder, name);

  it('holds raw samples with their reset, for each version', async () => {
    const metric = { ...range, metric: 'http_requests_total', labels: { service: 'cart' } };
    const series = await of('raw-samples-of-two-arms').fetch(metric);
    expect(series.map(({ labels, type }) => [labels['version'], type])).toEqual([
      ['1.0', 'counter'],
      ['1.1', 'counter'],
    ]);
    expect([...(series[0]?.values ?? [])]).toEqual([1000, 1100, 1200, 1300, 1400, 1500, 180, 210, 240, 270]);
    expect(indexes(series[0]?.timesMs)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('holds labels as odd as they come', async () => {
    const labels = { path: 'C:\\temp "x"\n' };
    const [series] = await of('raw-samples-with-odd-labels').fetch({ ...range, metric: 'odd_label', labels });
    expect(series?.labels).toEqual({ service: 'cart', path: 'C:\\temp "x"\n', unicode: 'größe 😀' });
  });

  it('may be nothing', async () => {
    expect(await of('empty').fetch({ ...range, metric: 'no_such_metric', labels: {} })).toEqual([]);
  });

  it('has no value where nothing was measured, and none that is infinite', async () => {
    const [idle] = await evaluate(of('not-a-number'));
    expect(indexes(idle?.timesMs)).toEqual([5, 6, 7, 8, 9]);
    expect(await evaluate(of('infinite'))).toEqual([]);
  });

  it('may be many series', async () => {
    const series = await evaluate(of('many-series'));
    expect(series).toHaveLength(12);
    expect(new Set(series.map(({ labels }) => labels['pod'])).size).toBe(12);
  });

  it('lists series by name', async () => {
    const listed = (await of('series').listSeries?.({ ...range, matchers: { service: 'cart' } })) ?? [];
    expect(listed.map(({ metric }) => metric)).toEqual([...listed.map(({ metric }) => metric)].sort());
    expect(listed).toContainEqual({
      metric: 'http_requests_total',
      labels: { service: 'cart', version: '1.1' },
      type: 'counter',
    });
  });

  it('is a mistake in the query when it says so', async () => {
    await expect(evaluate(of('bad-query'))).rejects.toMatchObject({ code: 'bad-query', retryable: false });
  });

  it('is nothing when half of it came', async () => {
    const half = recorded(folder, 'many-series', (body) => body.slice(0, body.length / 2));
    await expect(evaluate(half)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});
