import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInflux1Source } from '../src/sources/influx/v1/source.js';
import { SourceError } from '../src/sources/port.js';
import { startInflux, type InfluxServer } from './influx-server.js';
import { describeWithServer } from './needs-server.js';

const FOLDER = new URL('../../fixtures/wire/influx/influxdb-1.6.7/', import.meta.url).pathname;
/** A moment that never changes, so that a recording made again is the same. */
const FROM_MS = Date.UTC(2026, 0, 15, 12);
const MINUTE_MS = 60_000;
const range = { project: 'default', fromMs: FROM_MS, toMs: FROM_MS + 10 * MINUTE_MS };
const variables = { service: 'cart', environment: 'prod', version: '1.1', previousVersion: '1.0' };

interface Exchange {
  readonly request: { readonly method: string; readonly path: string; readonly form: object };
  readonly answer: { readonly status: number; readonly body: string };
}
interface Recording {
  readonly exchanges: readonly Exchange[];
  /** What the source made of it. */
  readonly outcome: unknown;
}

type Source = ReturnType<typeof createInflux1Source>;
const fetchOf =
  (metric: string, labels: Readonly<Record<string, string>> = {}) =>
  (source: Source) =>
    source.fetch({ ...range, metric, labels });
const evaluate = (expression: string) => (source: Source) =>
  source.evaluate({ ...range, stepMs: MINUTE_MS, variables, expression });

const questions: Readonly<Record<string, (source: Source) => Promise<unknown>>> = {
  'raw-points-of-two-versions': fetchOf('requests_total', { service: 'cart' }),
  'raw-points-without-a-version': fetchOf('requests_total', { service: 'cart', version: '' }),
  'raw-points-with-odd-tags': fetchOf('odd'),
  'another-field': fetchOf('cpu.usage_idle'),
  texts: fetchOf('cpu.model'),
  empty: fetchOf('no_such_metric'),
  'many-series': evaluate(
    `SELECT max("value") FROM "memory" WHERE $timeFilter GROUP BY time({{interval}}), "pod" fill(none)`,
  ),
  expression: evaluate(
    `SELECT non_negative_derivative(max("value"), {{intervalSeconds}}s) FROM "requests_total" WHERE $timeFilter AND "service" = '{{service}}' AND "version" =~ /^{{version}}$/ GROUP BY time({{interval}}) fill(none)`,
  ),
  'intervals-without-a-value': evaluate(
    `SELECT mean("value") FROM "sparse" WHERE $timeFilter GROUP BY time({{interval}}) fill(null)`,
  ),
  // InfluxQL says that 0/0 is 0.
  'division-by-zero': evaluate(
    `SELECT sum("value") / (sum("value") - sum("value")) FROM "sparse" WHERE $timeFilter GROUP BY time({{interval}}) fill(none)`,
  ),
  'bad-query': evaluate(`SELECT mean("value") FROM WHERE $timeFilter GROUP BY time({{interval}})`),
  'failed-query': evaluate(
    `SELECT nonsense("value") FROM "sparse" WHERE $timeFilter GROUP BY time({{interval}})`,
  ),
  series: (source) => source.listSeries({ ...range, matchers: { service: 'cart' } }),
};

async function fill(server: InfluxServer): Promise<void> {
  const minutes = Array.from({ length: 10 }, (_, index) => index);
  const lines = (series: string, valueAt: (minute: number) => number | string | undefined, field = 'value') =>
    minutes.flatMap((minute) => {
      const value = valueAt(minute);
      return value === undefined ? [] : [`${series} ${field}=${value} ${FROM_MS + minute * MINUTE_MS}`];
    });
  await server.query('CREATE DATABASE metrics');
  await server.write(
    'metrics',
    [
      // With a reset after six minutes.
      ...lines('requests_total,service=cart,version=1.0', (i) => (i < 6 ? 1000 + 100 * i : 30 * i)),
      ...lines('requests_total,service=cart,version=1.1', (i) => 10 * i),
      ...lines('requests_total,service=cart', (i) => i),
      ...lines(String.raw`odd,path=C:\\temp\ "x"\,y\=z,unicode=größe😀`, (i) => i / 3),
      ...lines('cpu,host=a', (i) => 90 + i, 'usage_idle'),
      ...lines('cpu,host=a', () => '"EPYC"', 'model'),
      ...lines('sparse,service=cart', (i) => (i % 3 === 0 ? i : undefined)),
      ...Array.from({ length: 12 }, (_, pod) => lines(`memory,pod=cart-${pod}`, (i) => 1e6 + i)).flat(),
    ].join('\n'),
  );
}

/** A server that answers with what `answer` gives, and the source in front of it. */
async function sourceOver(
  answer: (request: IncomingMessage, body: string) => Promise<Exchange['answer'] | 'cut'>,
) {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      void answer(request, body).then((given) => {
        if (given === 'cut') return response.destroy();
        return response.writeHead(given.status, { 'content-type': 'application/json' }).end(given.body);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const source = createInflux1Source(
    {
      name: 'influx',
      url: `http://127.0.0.1:${port}`,
      database: 'metrics',
      field: 'value',
      timeoutMs: 10_000,
      headers: {},
      secrets: [],
      tls: {},
    },
    {
      dial: ({ host, port: at }) => connect({ host, port: at }),
      stop: new AbortController().signal,
      pauseMs: 1,
    },
  );
  return { source, close: () => void server.close() };
}

async function outcomeOf(question: Promise<unknown>): Promise<unknown> {
  const plain = (_key: string, value: unknown) => (value instanceof Float64Array ? value.join(' ') : value);
  const answered = await question.catch((error: unknown) => {
    if (error instanceof SourceError) return { code: error.code, message: error.message };
    throw error;
  });
  return JSON.parse(JSON.stringify(answered, plain)) as unknown;
}

/** `npx vitest run service/test/influx-wire.test.ts -u` records anew. */
describeWithServer('influxd', 'what goes over the wire', () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await startInflux();
    await fill(server);
  });
  afterAll(() => server.stop());

  it.each(Object.entries(questions))('is still what was recorded: %s', async (name, ask) => {
    const exchanges: Exchange[] = [];
    const { source, close } = await sourceOver(async (request, body) => {
      const url = new URL(request.url ?? '', server.url);
      const response = await fetch(url, {
        method: request.method ?? 'GET',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
      const answer = { status: response.status, body: await response.text() };
      const form = Object.fromEntries(new URLSearchParams(body));
      exchanges.push({ request: { method: request.method ?? '', path: url.pathname, form }, answer });
      return answer;
    });
    const outcome = await outcomeOf(ask(source));
    close();
    const recording: Recording = { exchanges, outcome };
    await expect(`${JSON.stringify(recording, null, 2)}\n`).toMatchFileSnapshot(`${FOLDER}${name}.json`);
  });
});

describe('recorded answers of InfluxDB 1.6.7', () => {
  const recorded = readdirSync(FOLDER).map((file) => file.replace('.json', ''));
  const read = (name: string) => JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8')) as Recording;
  /** Answers in the order of the recording. */
  const replayed = async (name: string, alter: (body: string) => string | undefined) => {
    const { exchanges } = read(name);
    let next = 0;
    const { source, close } = await sourceOver(() => {
      const { status, body } = exchanges[next++ % exchanges.length]?.answer ?? { status: 500, body: '' };
      const altered = alter(body);
      return Promise.resolve(altered === undefined ? 'cut' : { status, body: altered });
    });
    const outcome = await outcomeOf(questions[name]?.(source) ?? Promise.resolve());
    close();
    return outcome;
  };

  it('are of every question', () => {
    expect(recorded.toSorted()).toEqual(Object.keys(questions).toSorted());
  });
  it.each(recorded)('are read as ever: %s', async (name) => {
    expect(await replayed(name, (body) => body)).toEqual(read(name).outcome);
  });
  it.each(recorded.filter((name) => !['bad-query', 'failed-query'].includes(name)))(
    'are never read by half: %s',
    async (name) => {
      for (const alter of [(body: string) => body.slice(0, body.length / 2), () => '', () => undefined])
        expect(await replayed(name, alter)).toMatchObject({ code: 'unavailable' });
    },
  );
});
