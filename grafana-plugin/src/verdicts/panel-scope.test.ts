import { describe, expect, it } from 'vitest';
import { panelScope, type PanelFacts } from './panel-scope.js';

const scope = (facts: Partial<PanelFacts>) =>
  panelScope({ queries: [], labels: [], variables: {}, ...facts });

describe('which deployments belong to a panel', () => {
  it.each([
    ['PromQL', 'rate(http_requests_total{service="checkout",env="prod"}[5m])'],
    ['PromQL with a pattern', 'x{service=~"checkout"}'],
    ['InfluxQL', `SELECT mean("value") FROM "latency" WHERE "service" = 'checkout' AND "env" = 'prod'`],
    ['SQL', `select * from latency where service = 'checkout'`],
  ])('is read from label matchers: %s', (_language, query) => {
    expect(scope({ queries: [query] })).toMatchObject({ services: ['checkout'], rule: 'query' });
  });

  it('takes each of several services', () => {
    expect(scope({ queries: ['x{job=~"cart|checkout"}'] }).services).toEqual(['cart', 'checkout']);
  });

  it('takes no pattern for a name', () => {
    expect(scope({ queries: ['x{service=~".+", job!="db"}'] })).toMatchObject({ services: [], rule: 'none' });
  });

  it('does not take a label that only ends like one', () => {
    expect(scope({ queries: ['x{upstream_service="db"}'] }).rule).toBe('none');
  });

  it('asks the labels of the series, then the variables', () => {
    const labels: Record<string, string>[] = [{ app: 'cart' }, { app: 'cart' }, { pod: 'x' }];
    const variables = { service: ['checkout'], env: ['prod'] };
    expect(scope({ labels, variables })).toMatchObject({
      services: ['cart'],
      environments: ['prod'],
      rule: 'labels',
      found: 'app="cart"',
    });
    expect(scope({ variables })).toMatchObject({ services: ['checkout'], rule: 'variables' });
  });

  it('does what the user set before all else', () => {
    const option = { service: 'cart, checkout', environment: '' };
    expect(scope({ option, queries: ['x{service="db"}'] })).toMatchObject({
      services: ['cart', 'checkout'],
      rule: 'option',
    });
  });
});
