import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Influx1Config } from './config.js';
import type { ClientParts, Dial } from './exchange.js';
import { createInflux1Samples } from './v1/sample-database.js';
import { createInflux1Source } from './v1/source.js';
import { createInflux2Source } from './v2/source.js';

const sockets: Socket[] = [];
const dial: Dial = ({ host, port }) => {
  const socket = connect({ host, port });
  sockets.push(socket);
  return socket;
};
/** How much of the longest answer was taken in, in bytes. */
const longest = (): number => Math.max(...sockets.map(({ bytesRead }) => bytesRead));
const common = { name: 'influx', field: 'value', timeoutMs: 20_000, headers: {}, secrets: [], tls: {} };
const STEP_MS = 30_000;
const MEGABYTE = 2 ** 20;

let server: Server | undefined;
const queries: string[] = [];
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  sockets.length = 0;
  queries.length = 0;
});

/** Answers each query with a text, and keeps what was asked. */
async function serve(answer: (query: string) => string): Promise<string> {
  server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const query = text.startsWith('{')
        ? (JSON.parse(text) as { query: string }).query
        : (new URLSearchParams(text).get('q') ??
          new URL(request.url ?? '', 'http://h').searchParams.get('q') ??
          '');
      queries.push(query);
      response.end(answer(query));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const parts = (): ClientParts => ({ dial, stop: new AbortController().signal, pauseMs: 1 });
const open1 = (url: string) => createInflux1Source({ ...common, url, database: 'd' }, parts());
const open2 = (url: string) =>
  createInflux2Source({ ...common, url, org: 'o', bucket: 'b', token: 't' }, parts());
const numbers = (query: string, pattern: RegExp): number[] =>
  (pattern.exec(query) ?? []).slice(1).map(Number);

/** Points every 30 s of many hosts, as 1.x gives them page by page. */
function pages(hosts: number) {
  return (query: string): string => {
    const [from = 0, to = 0] = numbers(query, /time >= (\d+)ms AND time < (\d+)ms/);
    const [limit = Infinity] = numbers(query, / LIMIT (\d+)/);
    const first = Math.ceil(from / STEP_MS);
    const count = Math.max(0, Math.min(limit, Math.ceil(to / STEP_MS) - first));
    const values = Array.from({ length: count }, (_, index) => [(first + index) * STEP_MS, first + index]);
    const series = Array.from({ length: hosts }, (_, host) => ({
      name: 'm',
      tags: { host: `h${host}` },
      columns: ['time', 'value'],
      values,
    }));
    return JSON.stringify({ results: [{ statement_id: 0, series }] });
  };
}

function csv(query: string, hosts: number, extra: (from: number) => readonly string[] = () => []): string {
  const [from, to] = [...query.matchAll(/(?:start|stop): ([^,)]+)/g)].map(([, at]) => Date.parse(at ?? ''));
  const head = [
    '#datatype,string,long,dateTime:RFC3339,double,string,string,string',
    '#group,false,false,false,false,true,true,true',
    '#default,_result,,,,,,',
    ',result,table,_time,_value,_measurement,_field,host',
  ];
  const rows = Array.from({ length: hosts }, (_, host) => {
    const own: string[] = [];
    for (let at = Math.ceil((from ?? 0) / STEP_MS) * STEP_MS; at < (to ?? 0); at += STEP_MS)
      own.push(`,,${host},${new Date(at).toISOString()},${at / STEP_MS},m,value,h${host}`);
    return own;
  });
  return [...head, ...rows.flat(), ...extra(from ?? 0), ''].join('\r\n');
}

const range = { project: 'p', fromMs: 0, toMs: 86_400_000 };
const POINTS = 2_880;
const variables = { service: '', environment: '', previousVersion: '' };

describe('an answer that is long', () => {
  it('is read from 1.x in pages that this process reads in a moment', async () => {
    const url = await serve(pages(100));
    const series = await open1(url).fetch({ ...range, metric: 'm', labels: {} });
    expect(series).toHaveLength(100);
    for (const { timesMs, values } of series) {
      expect([...values]).toEqual(Array.from({ length: POINTS }, (_, index) => index));
      expect(timesMs.at(-1)).toBe((POINTS - 1) * STEP_MS);
    }
    expect(longest()).toBeLessThan(MEGABYTE);
    expect(queries.length).toBeLessThan(40);
  });

  it('is evaluated by 1.x over shorter ranges', async () => {
    const url = await serve(pages(100));
    const series = await open1(url).evaluate({
      ...range,
      stepMs: STEP_MS,
      variables,
      expression:
        'SELECT max("value") FROM "m" WHERE $timeFilter GROUP BY time({{interval}}), "host" fill(none)',
    });
    expect(series.map(({ values }) => values.length)).toEqual(Array.from({ length: 100 }, () => POINTS));
    expect(longest()).toBeLessThan(MEGABYTE);
  });

  it('is read from 2.x in shorter ranges, raw and evaluated', async () => {
    const url = await serve((query) => csv(query, 20));
    const raw = await open2(url).fetch({ ...range, metric: 'm', labels: {} });
    const evaluated = await open2(url).evaluate({
      ...range,
      stepMs: STEP_MS,
      variables,
      expression:
        'from(bucket: "b") |> range(start: {{from}}, stop: {{to}}) |> aggregateWindow(every: {{interval}}, fn: max)',
    });
    for (const series of [raw, evaluated]) {
      expect(series).toHaveLength(20);
      for (const { labels, values } of series) {
        expect(Object.keys(labels)).toEqual(['host']);
        expect([...values]).toEqual(Array.from({ length: POINTS }, (_, index) => index));
      }
    }
    expect(longest()).toBeLessThan(MEGABYTE);
  });

  it('is a mistake in the query where not even one interval fits', async () => {
    const url = await serve(() => `#${'x'.repeat(2 * MEGABYTE)}`);
    const query = { ...range, toMs: 60_000, metric: 'm', labels: {} };
    await expect(open2(url).fetch(query)).rejects.toMatchObject({
      code: 'too-many-series',
      retryable: false,
    });
  });
});

describe('what tells series apart', () => {
  const late = 8_000 * STEP_MS;
  const longRange = { ...range, toMs: late + 86_400_000, stepMs: STEP_MS, variables };

  it('is the same in every piece of an answer of 2.x', async () => {
    const url = await serve((query) =>
      // The second field has points in the last piece only.
      csv(query, 1, (from) => (from < late ? [] : [`,,1,${new Date(late).toISOString()},1,m,other,h0`])),
    );
    const series = await open2(url).evaluate({
      ...longRange,
      expression:
        'from(bucket: "b") |> range(start: {{from}}, stop: {{to}}) |> aggregateWindow(every: {{interval}}, fn: max)',
    });
    expect(series.map(({ labels, values }) => [labels, values.length])).toEqual([
      [{ host: 'h0', _field: 'value' }, 8_000 + POINTS],
      [{ host: 'h0', _field: 'other' }, 1],
    ]);
  });

  it('is the same in every piece of an answer of 1.x', async () => {
    const url = await serve((query) => {
      const [from = 0] = numbers(query, /time >= (\d+)ms/);
      const names = from < late ? ['a'] : ['a', 'b'];
      const series = names.map((name) => ({ name, columns: ['time', 'max'], values: [[from, 1]] }));
      return JSON.stringify({ results: [{ series }] });
    });
    const expression =
      'SELECT max("value") FROM /./ WHERE $timeFilter GROUP BY time({{interval}}) fill(none)';
    const series = await open1(url).evaluate({ ...longRange, expression });
    expect(series.map(({ labels, values }) => [labels, values.length])).toEqual([
      [{ measurement: 'a' }, 2],
      [{ measurement: 'b' }, 1],
    ]);
  });
});

describe('lists of series', () => {
  it('come from 2.x by the last points, without texts', async () => {
    const url = await serve((query) => {
      const texts = [
        '',
        '#datatype,string,long,dateTime:RFC3339,string,string,string,string',
        '#group,false,false,false,false,true,true,true',
        '#default,_result,,,,,,',
        ',result,table,_time,_value,_measurement,_field,host',
        ',,0,1970-01-01T00:00:00Z,slow,m,note,h0',
      ];
      return csv(query, 0, () => [
        ',,0,1970-01-01T00:00:00Z,1,requests_total,value,h0',
        ',,1,1970-01-01T00:00:00Z,1,cpu,usage,h0',
        ...texts,
      ]);
    });
    expect(await open2(url).listSeries({ ...range, matchers: { service: 'cart' } })).toEqual([
      { metric: 'requests_total', labels: { host: 'h0' }, type: 'counter' },
      { metric: 'cpu.usage', labels: { host: 'h0' }, type: 'gauge' },
    ]);
    expect(queries).toEqual([
      'from(bucket: "b") |> range(start: 1970-01-01T00:00:00.000Z, stop: 1970-01-02T00:00:00.000Z) |> filter(fn: (r) => r["service"] == "cart") |> last()',
    ]);
  });

  it('of pushed samples are no longer than was asked for', async () => {
    const url = await serve(() => {
      const series = ['b', 'a', 'c'].map((name) => ({
        name,
        tags: { __project__: 'p', __type__: 'gauge' },
        columns: ['time', 'last'],
        values: [[0, 1]],
      }));
      return JSON.stringify({ results: [{ series }] });
    });
    const config: Influx1Config = { ...common, url, database: 'd' };
    const samples = createInflux1Samples(config, parts());
    const listed = await samples.list({ ...range, matchers: {}, limit: 2 });
    expect(listed.map(({ metric }) => metric)).toEqual(['a', 'b']);
    expect(queries[0]).toMatch(/ SLIMIT 2$/);
    expect(await samples.list({ ...range, matchers: {} })).toHaveLength(3);
  });
});

describe('a query that would read elsewhere', () => {
  it.each([
    ['1.x', open1, 'SELECT max("value") FROM "e".."m" WHERE $timeFilter GROUP BY time({{interval}})'],
    [
      '2.x',
      open2,
      'from(bucket: "e") |> range(start: {{from}}, stop: {{to}}) |> aggregateWindow(every: {{interval}}, fn: max)',
    ],
  ] as const)('is not sent to %s', async (_version, open, expression) => {
    const url = await serve(() => '');
    const given = open(url).evaluate({ ...range, stepMs: STEP_MS, variables, expression });
    await expect(given).rejects.toMatchObject({ code: 'bad-query', retryable: false });
    expect(queries).toEqual([]);
  });
});
