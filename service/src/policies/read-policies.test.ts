import { describe, expect, it } from 'vitest';
import type { KnownNames } from './check-references.js';
import { describeProblem } from './problem.js';
import { readPolicies } from './read-policies.js';
import { shippedTemplates } from './templates.js';

const templates = shippedTemplates();
const read = (text: string, file = 'cart.yaml', known?: KnownNames) =>
  readPolicies(text, file, { templates, known });
const problems = (text: string, file?: string) => read(text, file).problems.map(describeProblem);
const metrics = 'metrics: [{ name: m, kind: error, signal: { type: gauge, series: { metric: m } } }]';

describe('a policy file', () => {
  it('is one policy that is called like the file, or several that have names', () => {
    expect(read(metrics).policies.map(({ policy }) => policy.name)).toEqual(['cart']);
    expect(read(`name: shop\n${metrics}`).policies[0]?.policy.name).toBe('shop');
    const several = read(`---\nname: a\n${metrics}\n---\n# nothing\n---\nname: b\n${metrics}\n`);
    expect(several.policies.map(({ policy, place }) => [policy.name, place.line])).toEqual([
      ['a', 2],
      ['b', 7],
    ]);
    expect(problems(`name: a\n${metrics}\n---\n${metrics}`)).toEqual([
      'cart.yaml:4:1: name: is missing; a file with several policies names each of them',
    ]);
  });

  it('may be JSON', () => {
    const { policies } = read(
      '{"$schema": "x", "metrics": [{"name": "m", "kind": "error", "signal": {"type": "gauge", "series": {"metric": "m"}}}]}',
      'pay.json',
    );
    expect(policies[0]?.policy).toMatchObject({ name: 'pay', alpha: 0.05 });
  });

  it('hashes what it means, not how it is written', () => {
    const hash = (text: string) => read(text).policies[0]?.hash;
    expect(hash(`# why\n${metrics}\nalpha:   0.05`)).toBe(hash(metrics));
    expect(hash(`${metrics}\nalpha: 0.04`)).not.toBe(hash(metrics));
    expect(hash(metrics)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('shares pieces by anchors and merge keys, and shows errors in them where they are written', () => {
    const text = [
      'metrics:',
      '  - &base',
      '    name: a',
      '    kind: latency',
      '    signal: { type: gauge, series: { metric: a } }',
      '  - <<: *base',
      '    name: b',
      '    wieght: 2',
    ].join('\n');
    expect(problems(text)).toEqual([
      'cart.yaml:8:5: metrics[1].wieght: unknown field "wieght"; did you mean "weight"?',
    ]);
    expect(read(text.replace('wieght', 'weight')).policies[0]?.policy.metrics[1]).toMatchObject({
      kind: 'latency',
      weight: 2,
    });
  });

  it('tells every error at once, each at its line and column', () => {
    const text = [
      'alpha: 0.7',
      'wach: 30m',
      'brakes:',
      '  maxAutomaticRollbacks: 2',
      'metrics:',
      '  - name: p95',
      '    kind: latncy',
      '    signal:',
      '      type: guage',
      '  - name: errors',
      '    kind: error',
      '    signal: { type: gauge, series: { metric: "5xx" } }',
      '    guardRail: {}',
    ].join('\n');
    expect(problems(text)).toEqual([
      'cart.yaml:1:8: alpha: must be at most 0.5; give a number of at most 0.5',
      'cart.yaml:2:1: wach: unknown field "wach"; did you mean "watch"?',
      'cart.yaml:4:3: brakes.maxAutomaticRollbacks: unknown field "maxAutomaticRollbacks"; did you mean "maxAutomaticRollbacksPerHour"?',
      'cart.yaml:7:11: metrics[0].kind: is not one of the known values; did you mean "latency"? known are latency, error, traffic, saturation, business',
      'cart.yaml:9:13: metrics[0].signal.type: has no known type; did you mean "gauge"?',
      'cart.yaml:12:46: metrics[1].signal.series.metric: is not a metric name; use letters, digits and _ : . and begin with a letter',
      'cart.yaml:13:16: metrics[1].guardRail: sets no limit; give above, below or both',
    ]);
  });

  it.each([
    ['', 'cart.yaml:1:1: this file holds no policy; write one, or remove the file'],
    ['- a\n- b', 'cart.yaml:1:1: must be an object of fields; begin with "metrics:" or "use:"'],
    ['just text', 'cart.yaml:1:1: must be an object of fields; begin with "metrics:" or "use:"'],
    ['alpha: 0.05\nalpha: 0.01', 'cart.yaml:2:1: this key stands here twice; keep one of the two'],
    ['metrics:\n\t- name: a', 'cart.yaml:2:1: a tab indents this line; indent with spaces'],
    ['metrics: [\n  { name: a', /^cart\.yaml:\d:\d+: /],
    ['metrics: !!js/function "f"', /^cart\.yaml:1:10: is not valid YAML: Unresolved tag/],
    ['metrics: *nowhere', /^cart\.yaml:1:\d+: .*nowhere/],
    ['use: http-red', 'cart.yaml:1:6: use: must be a list of templates; write "use: [{ template: … }]"'],
    ['use: [http-red]', 'cart.yaml:1:7: use[0]: must be an object, not a string; give an object'],
    [
      'metrics:\n  - name: a\n    signal: { type: gauge, series: { metric: a } }',
      'cart.yaml:2:5: metrics[0].kind: is missing; use one of latency, error, traffic, saturation, business',
    ],
    ['name: cart', 'cart.yaml:1:1: metrics: is missing; give an array'],
  ])('that holds %j says so', (text, expected) => {
    const [first] = problems(text);
    if (typeof expected === 'string') expect(first).toBe(expected);
    else expect(first).toMatch(expected);
  });

  it('tells what does not fit together beside what is wrong by itself', () => {
    const text = [
      'mode: atc',
      'interval: 1m',
      'watch: 90s',
      'spending: [0.7, 0.7]',
      'histroy: 7d',
      'metrics:',
      '  - name: a',
      '    kind: error',
      '    unit: 7',
      '    criticality: advisory',
      '    missing: required',
      '    signal: { type: gauge, series: { metric: m } }',
    ].join('\n');
    expect(problems(text).map((line) => line.replace(/^cart\.yaml:\d+:\d+: /, ''))).toEqual([
      'mode: is not one of the known values; did you mean "act"? known are observe, recommend, act',
      'watch: is shorter than two intervals; give at least 2m',
      'spending: adds up to 1.40; let the shares add up to at most 1',
      'histroy: unknown field "histroy"; did you mean "history"?',
      'metrics[0].unit: must be a string, not a number; give a string',
      'metrics[0].missing: cannot be required of an advisory metric, which never decides; make it optional or raise its criticality',
    ]);
  });

  it('says nothing of fields together of which one is wrong already', () => {
    const text = `interval: soon\nwatch: 90s\n${metrics}`;
    expect(problems(text)).toHaveLength(1);
  });

  it('cannot grow without bounds, and takes no prototype along', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${`*${'abcdefg'[i] ?? ''}, `.repeat(9)}]`),
      metrics,
    ];
    expect(problems(bomb.join('\n'))[0]).toMatch(/^cart\.yaml:1:1: .*alias/);
    expect(problems(`__proto__: { mode: act }\n${metrics}`)[0]).toMatch(/unknown field "__proto__"/);
  });

  it('may lean only on executors and sources that the server has', () => {
    const text = 'mode: act\nuse: [{ template: dns, with: { source: prmo } }]';
    const known = { executors: ['shop'], sources: ['prom'] };
    const lines = (policy: string) => read(policy, 'cart.yaml', known).problems.map(describeProblem);
    expect(lines(text)).toEqual([
      'cart.yaml:1:1: executor: is missing; a policy that acts names one of "executors", or its mode is "recommend"',
      'cart.yaml:2:7: use[0]: no source "prmo" is configured; did you mean "prom"?',
    ]);
    expect(lines(`executor: shpo\n${metrics}`)).toEqual([
      'cart.yaml:1:11: executor: no executor "shpo" is configured; did you mean "shop"?',
    ]);
    expect(lines(`mode: act\nexecutor: shop\n${metrics}`)).toEqual([]);
    const kept = { ...known, keepsSamples: 'pushed' };
    expect(
      read('use: [{ template: dns, with: { source: pushed } }]', 'cart.yaml', kept).problems.map(
        describeProblem,
      ),
    ).toEqual([
      'cart.yaml:1:7: use[0]: the source "pushed" keeps the pushed samples of every project, and no policy may read it; leave "source" out to read what was pushed',
    ]);
  });
});
