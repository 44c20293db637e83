import { describe, expect, it } from 'vitest';
import { policyInput } from '../api/policy.js';
import { readPolicies } from './read-policies.js';
import { shippedTemplates } from './templates.js';

const templates = shippedTemplates();
const read = (text: string) => readPolicies(text, 'cart.yaml', { templates, known: undefined });

describe.each([...templates.values()])('the template $template', (template) => {
  const use = `use: [{ template: ${template.template}, with: { source: prom } }]`;

  it('is a policy with nothing but its source given', () => {
    expect(read(use).problems).toEqual([]);
  });

  it('names every parameter that its metrics use, and uses every one that it names', () => {
    const used = [...JSON.stringify(template.metrics).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(template.parameters).sort());
  });

  it('leaves no placeholder of its own, and takes every default of a metric from its kind or names it', () => {
    const [loaded] = read(use).policies;
    expect(JSON.stringify(loaded?.policy)).not.toContain('${');
    expect(policyInput.safeParse(loaded?.policy).success).toBe(false);
    for (const metric of loaded?.policy.metrics ?? [])
      expect(metric.signal).toMatchObject({ source: 'prom' });
  });
});

describe('templates together', () => {
  it('cover what a service is usually watched by', () => {
    expect([...templates.keys()]).toEqual([
      'dns',
      'grpc-red',
      'http-red',
      'ingress-nginx',
      'jvm',
      'kubernetes',
      'load-balancer-envoy',
      'nodejs',
      'postgresql',
      'queue-kafka',
      'queue-rabbitmq',
      'security',
      'support-tickets',
    ]);
  });

  it('refuse what they are not given in the right way, at the place where it stands', () => {
    const { problems } = read(
      [
        'use:',
        '  - template: http-rde',
        '  - template: http-red',
        '    with:',
        '      sorce: prom',
        '      selector: job=cart',
        '      objective: 99.9',
        '  - template: grpc-red',
        '    with: { source: prom }',
        '    without: [grpc error]',
        '    change:',
        '      grpc calls:',
        '        minEfect: { relative: 0.5 }',
        '        kind: trafic',
      ].join('\n'),
    );
    expect(
      problems.map(({ line, column, key, detail, remedy }) => [line, column, key, detail, remedy]),
    ).toEqual([
      [2, 15, 'use[0].template', 'there is no template "http-rde"', 'did you mean "http-red"?'],
      [4, 5, 'use[1].with.source', 'is missing', 'give a string'],
      [5, 7, 'use[1].with.sorce', 'unknown field "sorce"', 'did you mean "source"?'],
      [6, 17, 'use[1].with.selector', 'are no label matchers', 'write them as job="cart", zone=~"eu-.*"'],
      [7, 18, 'use[1].with.objective', 'must be less than 1', 'give a number of less than 1'],
      [
        10,
        15,
        'use[2].without[0]',
        'there is no metric of grpc-red "grpc error"',
        'did you mean "grpc errors"?',
      ],
      [
        13,
        9,
        'use[2].change["grpc calls"].minEfect',
        'unknown field "minEfect"',
        'did you mean "minEffect"?',
      ],
      [14, 15, 'use[2].change["grpc calls"].kind', expect.any(String), expect.stringContaining('latency')],
    ]);
  });

  it('can be used twice, changed and left out in part', () => {
    const [loaded] = read(
      [
        'use:',
        '  - { template: postgresql, with: { source: prom, database: orders }, as: orders }',
        '  - template: postgresql',
        '    with: { source: prom, database: users }',
        '    as: users',
        '    without: [deadlocks, cache misses]',
        '    change: { connections: { criticality: advisory, guardRail: { above: 90 } } }',
      ].join('\n'),
    ).policies;
    expect(loaded?.policy.metrics.map(({ name }) => name)).toEqual([
      'orders: rolled-back transactions',
      'orders: deadlocks',
      'orders: connections',
      'orders: longest transaction',
      'orders: cache misses',
      'users: rolled-back transactions',
      'users: connections',
      'users: longest transaction',
    ]);
    expect(loaded?.policy.metrics[6]).toMatchObject({ criticality: 'advisory', guardRail: { above: 90 } });
  });
});
