import { describe, expect, it } from 'vitest';
import { fieldErrors, jsonPointer } from './field-errors.js';
import { signal } from './signal.js';

const query = 'sum(rate(m{service="{{service}}", version=~"{{version}}"}[{{interval}}]))';
const errorsOf = (written: unknown): readonly string[] => {
  const result = signal.safeParse(written);
  return result.success
    ? []
    : fieldErrors(result.error).map(
        ({ path, detail, remedy }) => `${jsonPointer(path)} ${detail}; ${remedy ?? ''}`,
      );
};

describe('a signal', () => {
  it('fills in how several series become one: by type for selectors, and only one of a query', () => {
    const series = { metric: 'm', labels: {} };
    expect(signal.parse({ type: 'gauge', series: { metric: 'm' } })).toEqual({
      type: 'gauge',
      series,
      combine: 'mean',
    });
    expect(signal.parse({ type: 'counter', source: 'prom', series: { metric: 'm' } })).toEqual({
      type: 'counter',
      source: 'prom',
      series,
      combine: 'sum',
    });
    const control = { query: 'n' };
    expect(signal.parse({ type: 'gauge', source: 'prom', query, control })).toEqual({
      type: 'gauge',
      source: 'prom',
      query,
      control,
      combine: 'only',
    });
  });

  it('is parsed to the same once more, as a policy that is shown and sent back', () => {
    const written = { type: 'ratio', source: 'prom', events: { query }, total: { metric: 'm' } };
    const parsed = signal.parse(written);
    expect(parsed).toEqual({ ...written, total: { metric: 'm', labels: {} } });
    expect(signal.parse(parsed)).toEqual(parsed);
  });

  it.each([
    [{ type: 'gauge', query }, '/source is missing; name the configured source that the query is for'],
    [{ type: 'gauge', source: 'push', query }, '/source has no query language; name the configured source'],
    [{ type: 'ratio', events: { query }, total: { metric: 'm' } }, '/source is missing'],
    [{ type: 'gauge', source: 'prom' }, '/series is missing; give "series" or "query"'],
    [
      { type: 'gauge', source: 'prom', query, series: { metric: 'm' } },
      '/query stands beside "series"; keep one',
    ],
    [
      { type: 'gauge', series: { metric: 'm' }, control: { query } },
      '/series is no query; "control" goes with',
    ],
    [
      { type: 'ratio', source: 'prom', events: {}, total: { query } },
      '/events/metric is missing; give a selector',
    ],
    [
      { type: 'ratio', source: 'prom', events: { query, labels: {} }, total: { query } },
      '/events/labels belongs to a selector; write the labels into the query',
    ],
    [{ type: 'counter', source: 'prom', query }, '/query unknown field "query"'],
    [{ type: 'gauge', source: 'My Prom', query }, '/source is not a name; use lower-case letters'],
    [{ type: 'summary' }, '/type has no known type; use "gauge", "counter", "histogram" or "ratio"'],
    [{ type: 'histogram' }, '/series is missing; give "series" or "query"'],
    [
      { type: 'histogram', series: { metric: 'seconds_bucket' } },
      '/series/metric is the name of single buckets; leave "_bucket" out to name the histogram',
    ],
    [{ type: 'histogram', query }, '/source is missing; name the configured source'],
    [
      { type: 'histogram', series: { metric: 'seconds' }, combine: 'sum' },
      '/combine unknown field "combine"',
    ],
  ])('%j: %s', (written, message) => {
    expect(errorsOf(written)).toContainEqual(expect.stringContaining(message));
  });

  it.each([
    ['m{version="{{version}}"}', 'compares with {{version}} by "="'],
    ['"version" = \'{{version}}\'', 'compares with {{version}} by "="'],
    ['r.version == "{{version}}"', 'compares with {{version}} by "=="'],
    ['m{version!~"{{version}}"}', 'leaves {{version}} out by "!~"'],
    ['m{version!="v{{ version }}"}', 'leaves {{version}} out by "!="'],
    ['m{a="{{srevice}}"}', 'holds the unknown variable {{srevice}}; use {{service}}'],
    ['', 'is empty'],
  ])('refuses the query %s, in every place', (bad, message) => {
    const places = [
      { type: 'gauge', source: 'prom', query: bad },
      { type: 'gauge', source: 'prom', query, control: { query: bad } },
      { type: 'ratio', source: 'prom', events: { query: bad }, total: { query } },
      { type: 'ratio', source: 'prom', events: { query }, total: { query, control: { query: bad } } },
    ];
    for (const written of places) expect(errorsOf(written)).toContainEqual(expect.stringContaining(message));
  });

  it.each([
    'm{version=~"{{version}}"}',
    'm{version!="{{previousVersion}}"}',
    'SELECT "v" FROM "m" WHERE "version" =~ /^{{version}}$/',
    'm{path="{{service}}", v=~"{{version}}"}',
  ])('takes the query %s', (good) => {
    expect(errorsOf({ type: 'gauge', source: 'prom', query: good })).toEqual([]);
  });
});
