import { expect, it } from 'vitest';
import { SourceError, type MetricSource, type SourceQuery } from '../sources/port.js';
import { instrumentSource } from './instrument-source.js';
import { createTelemetry } from './metrics.js';
import { isAnswer } from './source-metrics.js';
import { scraped } from './test-scrape.js';

const query: SourceQuery = { project: 'p', metric: 'm', labels: {}, fromMs: 0, toMs: 1 };

function scene(fetch: MetricSource['fetch'], more: Partial<MetricSource> = {}) {
  const { registry, sources, stop } = createTelemetry();
  stop();
  const source = instrumentSource({ name: 'prom', fetch, ...more }, sources, () => 7);
  const series = (name: string, labels: string): Promise<number | undefined> =>
    scraped(registry, `bellwether_source_${name}{source="prom"${labels}}`);
  return { source, sources, series };
}

it('shows a source that was never asked as up, with no request', async () => {
  const { series } = scene(() => Promise.resolve([]));
  expect(await series('up', '')).toBe(1);
  expect(await series('requests_total', ',code="ok"')).toBe(0);
  expect(await series('request_duration_seconds_count', '')).toBe(0);
});

it('counts answers and hands them on', async () => {
  const { source, series } = scene(() => Promise.resolve([]));
  expect(await source.fetch(query)).toEqual([]);
  expect(await series('requests_total', ',code="ok"')).toBe(1);
  expect(await series('request_duration_seconds_count', '')).toBe(1);
});

it('counts failures by their code, hands them on, and remembers the last', async () => {
  const failure = new SourceError('unavailable', 'no route to host', true);
  const { source, sources, series } = scene(() => Promise.reject(failure));
  await expect(source.fetch(query)).rejects.toBe(failure);
  expect(await series('requests_total', ',code="unavailable"')).toBe(1);
  expect(await series('up', '')).toBe(0);
  expect(sources.lastStates().get('prom')).toEqual({
    code: 'unavailable',
    detail: 'no route to host',
    atMs: 7,
  });
});

it.each([
  ['bad-query', true],
  ['too-many-series', true],
  ['unavailable', false],
  ['refused', false],
  ['partial', false],
] as const)('takes %s for an answer: %s', (code, answered) => {
  expect(isAnswer({ code, atMs: 0 })).toBe(answered);
});

it('offers a language and a list of series only where the source does, and counts those too', async () => {
  const plain = scene(() => Promise.resolve([])).source;
  expect('evaluate' in plain).toBe(false);
  expect('listSeries' in plain).toBe(false);
  const { source, series } = scene(() => Promise.resolve([]), {
    asksTogether: true,
    evaluate: () => Promise.reject(new Error('a bug')),
    listSeries: () => Promise.resolve([]),
  });
  expect(source.asksTogether).toBe(true);
  expect(await source.listSeries?.({ project: 'p', matchers: {}, fromMs: 0, toMs: 1 })).toEqual([]);
  const variables = { service: 's', environment: 'e', previousVersion: '' };
  await expect(
    source.evaluate?.({ project: 'p', expression: '1', variables, fromMs: 0, toMs: 1, stepMs: 1 }),
  ).rejects.toThrow('a bug');
  expect(await series('requests_total', ',code="error"')).toBe(1);
  expect(await series('requests_total', ',code="ok"')).toBe(1);
});
