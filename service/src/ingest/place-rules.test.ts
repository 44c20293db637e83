import { expect, it } from 'vitest';
import { placeSeries, type PlaceRule } from './place-rules.js';

const series = (labels: Readonly<Record<string, string>>, metric = 'requests_total') => ({
  metric,
  labels,
  type: 'counter' as const,
});
const rule = (change: Partial<PlaceRule>): PlaceRule => ({
  match: new Map(),
  drop: false,
  from: {},
  ...change,
});

it('goes by the usual names without rules, the nearest one first', () => {
  expect(placeSeries(series({ job: 'cart', pod: 'cart-1' }), [])).toEqual({
    labels: { job: 'cart', pod: 'cart-1', service: 'cart', instance: 'cart-1' },
  });
  const labels = {
    job: 'kubernetes-pods',
    app_kubernetes_io_name: 'pay',
    app_kubernetes_io_version: '3',
    env: 'prod',
  };
  expect(placeSeries(series(labels), [])?.labels).toMatchObject({
    service: 'pay',
    version: '3',
    environment: 'prod',
  });
});

it('keeps what a series says of itself', () => {
  const labels = { service: 'a', version: '1', job: 'b', service_version: '2' };
  expect(placeSeries(series(labels), [])?.labels).toMatchObject({ service: 'a', version: '1' });
});

it('takes the first rule that fits, a pattern for part of a label, a fixed text, and the usual names for the rest', () => {
  const rules = [
    rule({ match: new Map([['job', /^(?:node)$/u]]), drop: true }),
    rule({
      match: new Map([['namespace', /^(?:shop-.*)$/u]]),
      from: {
        project: [{ value: 'shop' }],
        environment: [{ label: 'namespace', pattern: /^shop-(.*)$/u }],
        version: [{ label: 'tag' }, { label: 'image', pattern: /:([^:]+)$/u }],
      },
    }),
  ];
  expect(placeSeries(series({ job: 'node' }), rules)).toBeUndefined();
  expect(
    placeSeries(series({ job: 'cart', namespace: 'shop-prod', image: 'reg:5000/cart:2.1' }), rules),
  ).toEqual({
    project: 'shop',
    labels: {
      ...{ job: 'cart', namespace: 'shop-prod', image: 'reg:5000/cart:2.1' },
      ...{ service: 'cart', environment: 'prod', version: '2.1' },
    },
  });
  expect(placeSeries(series({ job: 'cart', namespace: 'ops' }), rules)).toEqual({
    labels: { job: 'cart', namespace: 'ops', service: 'cart' },
  });
});

it('matches by the name of the metric and by a label that is absent', () => {
  const rules = [
    rule({
      match: new Map([
        ['__name__', /^(?:go_.*)$/u],
        ['keep', /^(?:)$/u],
      ]),
      drop: true,
    }),
  ];
  expect(placeSeries(series({}, 'go_threads'), rules)).toBeUndefined();
  expect(placeSeries(series({ keep: '1' }, 'go_threads'), rules)).toBeDefined();
  expect(placeSeries(series({}, 'cgo_threads'), rules)).toBeDefined();
});
