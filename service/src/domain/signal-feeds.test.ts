import { expect, it } from 'vitest';
import type { MetricSpec } from './policy.js';
import { tellsArmsApart } from './signal-feeds.js';

const byVersion = { treatment: { version: '{{version}}' }, control: { version: '{{previousVersion}}' } };
const alike = { treatment: {}, control: {} };
const series: MetricSpec['signal'] = {
  type: 'gauge',
  series: { metric: 'm', labels: {} },
  combine: 'mean',
};
const query = (text: string): MetricSpec['signal'] => ({
  ...{ type: 'gauge', source: 'prom', combine: 'only' },
  query: text,
});
const controlled = (text: string, other: string): MetricSpec['signal'] => ({
  ...{ type: 'gauge', source: 'prom', combine: 'only' },
  query: text,
  control: { query: other },
});
const ratio = (events: string, total: string): MetricSpec['signal'] => ({
  ...{ type: 'ratio', source: 'prom' },
  events: { query: events },
  total: { query: total },
});

it.each([
  ['a selector whose arms differ', series, byVersion, true],
  ['a selector whose arms are alike', series, alike, false],
  ['a query that names the version, whatever the arms', query('m{v=~"{{version}}"}'), alike, true],
  ['a query that names none', query('sum(m)'), byVersion, false],
  ['a query that names only the previous version', query('m{v=~"{{ previousVersion }}"}'), byVersion, false],
  ['a query that names the version in a comment', query('m{v="#"} # of {{version}}\n'), byVersion, false],
  ['a control query of its own', controlled('m{v="a"}', 'm{v="b"}'), alike, true],
  ['a control query that differs in spaces', controlled('sum(m)', 'sum( m )'), alike, false],
  [
    'a control query that says what the other comes to',
    controlled('m{v="{{version}}"}', 'm{v="{{ previousVersion }}"}'),
    alike,
    true,
  ],
  ['both parts of a ratio', ratio('e{v=~"{{version}}"}', 't{v=~"{{version}}"}'), alike, true],
  ['the events of a ratio and not its total', ratio('e{v=~"{{version}}"}', 't'), byVersion, false],
  ['the total of a ratio and not its events', ratio('e', 't{v=~"{{version}}"}'), byVersion, false],
])('tells whether arms are told apart by %s', (_what, signal, arms, expected) => {
  expect(tellsArmsApart({ signal, arms })).toBe(expected);
});

it.each([
  ['labels', series, byVersion],
  ['a query', query('m{v=~"{{version}}"}'), alike],
])('tells nothing apart by %s that the deployment makes equal', (_what, signal, arms) => {
  expect(tellsArmsApart({ signal, arms }, (text) => text.replace(/\{\{\w+\}\}/g, '1.0'))).toBe(false);
});
