import { expect, it } from 'vitest';
import { SeriesBooks } from '../series-books.js';
import { parseExposition, type ExpositionFormat } from './parse-exposition.js';

const NOW_MS = 1_769_860_800_000;

function parse(
  page: string,
  format: ExpositionFormat = 'text',
  labels: Readonly<Record<string, string>> = {},
) {
  const books = new SeriesBooks({
    rules: [],
    maxSeriesPerToken: 100,
    maxFutureMs: 600_000,
    maxAgeMs: 86_400_000,
    clock: () => NOW_MS,
  });
  const sink = books.sink({ id: 'a', project: 'default' });
  parseExposition(page, { format, nowMs: NOW_MS, labels }, sink);
  const { batches, refusals } = sink.gather();
  return {
    samples: batches.map(({ metric, labels: all, type, timesMs, values }) => [
      metric,
      all,
      type,
      timesMs[0],
      values[0],
    ]),
    refused: refusals.map(({ reason, samples }) => [reason, samples]),
  };
}

it('reads the text format: types, escapes, spaces, times and odd numbers', () => {
  const page = [
    '# HELP a_total Some words: {not} "a" sample 1',
    '# TYPE a_total counter',
    String.raw`a_total{path="C:\\x",quote="say \"hi\"",brace="}",} 1e3 ${NOW_MS - 5}`,
    '# TYPE free_form gauge',
    'free_form   0x1F',
    'b{ x = "1" , y="2" }  +.5\t',
    'c -7.',
    'd NaN',
    'e +Inf',
    'f_total{a=""} 4',
  ]
    .join('\r\n')
    .replaceAll('\r\n', '\n');
  const { samples, refused } = parse(page);
  expect(samples).toEqual([
    ['a_total', { path: String.raw`C:\x`, quote: 'say "hi"', brace: '}' }, 'counter', NOW_MS - 5, 1_000],
    ['b', { x: '1', y: '2' }, 'gauge', NOW_MS, 0.5],
    ['c', {}, 'gauge', NOW_MS, -7],
    ['f_total', {}, 'counter', NOW_MS, 4],
  ]);
  expect(refused).toEqual([
    ['malformed', 1],
    ['no-value', 2],
  ]);
});

it('reads OpenMetrics: times in seconds, families without _total, exemplars', () => {
  const page = [
    '# TYPE hits counter',
    `hits_total{a="1"} 3 ${NOW_MS / 1_000 - 1.5} # {trace_id="x"} 1 ${NOW_MS / 1_000}`,
    '# TYPE odd counter',
    'odd 2',
    '# EOF',
  ].join('\n');
  expect(parse(page, 'openmetrics').samples).toEqual([
    ['hits_total', { a: '1' }, 'counter', NOW_MS - 1_500, 3],
    ['odd', {}, 'counter', NOW_MS, 2],
  ]);
});

it('keeps the labels of the target, and what a series says otherwise beside them', () => {
  expect(parse('m{service="x",version="1"} 1', 'text', { service: 'cart' }).samples[0]?.[1]).toEqual({
    service: 'cart',
    exported_service: 'x',
    version: '1',
  });
});

it.each([
  'm{',
  'm{a} 1',
  'm{a="1" b="2"} 1',
  'm{a="1",a="2"} 1',
  'm',
  '1m 2',
  'm 1 x',
  'm 1 2 3',
  'm{a="1} 1',
  'm abc',
  'm{,} 1',
])('passes over %j and reads the next line', (line) => {
  const { samples, refused } = parse(`${line}\nnext 1\n`);
  expect(samples.map(([metric]) => metric)).toEqual(['next']);
  expect(refused).toEqual([['malformed', 1]]);
});
