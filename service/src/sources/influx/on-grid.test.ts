import { describe, expect, it } from 'vitest';
import type { ExpressionQuery } from '../port.js';
import { measuredField, metricNameOf, typeOf } from './metric-name.js';
import { createGrid } from './on-grid.js';

const query: ExpressionQuery = {
  project: 'p',
  expression: 'the query',
  variables: { service: '', environment: '', previousVersion: '' },
  fromMs: 500,
  toMs: 3_500,
  stepMs: 1_000,
};

describe('createGrid', () => {
  it('stamps every value with the start of its interval, in order, and leaves out what lies outside', async () => {
    const grid = createGrid(query);
    for (const [timeMs, value] of [
      [2_600, 3],
      [499, 9],
      [500, 1],
      [3_500, 9],
      [1_500, Number.NaN],
    ] as const)
      grid.add({ host: 'a', zone: 'b' }, timeMs, value);
    grid.add({ zone: 'b', host: 'a' }, 1_499 + 1_000, 2);
    expect(await grid.series()).toEqual([
      {
        labels: { host: 'a', zone: 'b' },
        type: 'gauge',
        timesMs: Float64Array.of(500, 1_500, 2_500),
        values: Float64Array.of(1, 2, 3),
      },
    ]);
  });

  it('refuses a second value for an interval, and more series than anyone could mean', () => {
    const grid = createGrid(query);
    grid.add({}, 600, 1);
    expect(() => grid.add({}, 700, 1)).toThrow(/several values for one interval .* the query/);
    for (let host = 1; host < 1_000; host += 1) grid.add({ host: String(host) }, 600, 1);
    expect(() => grid.add({ host: 'more' }, 600, 1)).toThrow('more than 1000 series');
  });
});

describe('names of metrics', () => {
  it.each([
    ['cpu', { measurement: 'cpu', field: 'value' }],
    ['cpu.usage_idle', { measurement: 'cpu', field: 'usage_idle' }],
    ['http.requests.value', { measurement: 'http.requests', field: 'value' }],
  ])('%s is a measurement and a field', (metric, field) => {
    expect(measuredField(metric, 'value')).toEqual(field);
    expect(metricNameOf(field, 'value')).toBe(metric);
  });
  it('are left out where a policy cannot write them', () => {
    expect(metricNameOf({ measurement: 'my cpu', field: 'value' }, 'value')).toBeUndefined();
    expect(metricNameOf({ measurement: 'cpu', field: 'a.b' }, 'value')).toBeUndefined();
  });
  it('show what is a counter', () => {
    expect(['requests_total', 'seconds_sum', 'latency'].map(typeOf)).toEqual(['counter', 'counter', 'gauge']);
  });
});
