import { afterEach, expect, it } from 'vitest';
import { Registry } from 'prom-client';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { composeScrape } from '../src/compose-scrape.js';
import { configSchema } from '../src/config/config-schema.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import { SeriesBooks } from '../src/ingest/series-books.js';
import { createIngestMetrics } from '../src/telemetry/ingest-metrics.js';
import { eventually } from './eventually.js';
import { createWorld } from './world.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A page, and the loop that reads it every second into a real store. */
async function scene(answer: (response: ServerResponse, asked: number) => void) {
  let asked = 0;
  const server = createServer((_request, response) => answer(response, (asked += 1)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world = await createWorld();
  const labels = { service: 'cart', environment: 'prod', version: '2.1' };
  const config = configSchema.parse({
    scrape: [{ name: 'cart', urls: [`http://${host}/metrics`], interval: '1s', labels }],
    egress: { allow: [host] },
  });
  const lines: Record<string, unknown>[] = [];
  const registry = new Registry();
  const loop = composeScrape(
    config,
    {},
    {
      guard: createUrlGuard({ allow: [host] }),
      books: new SeriesBooks({
        rules: [],
        maxSeriesPerToken: 100,
        maxFutureMs: 600_000,
        maxAgeMs: 86_400_000,
        clock: Date.now,
      }),
      useCases: world.useCases,
      metrics: createIngestMetrics(registry),
      log: pino(
        { level: 'info' },
        { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
      ),
      clock: Date.now,
    },
  );
  loop.start();
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => loop.stop(),
  );
  const read = async (metric: string) => {
    const found = await world.store.samples.read({
      project: 'default',
      metric,
      labels,
      fromMs: 0,
      toMs: 4e12,
    });
    return found.map(({ labels: all, type, values }) => ({ labels: all, type, values: [...values] }));
  };
  return { host, lines, read, asked: () => asked };
}

it('reads a page at its interval, with the labels of its target, and says when it is gone and back', async () => {
  const { host, lines, read } = await scene((response, asked) => {
    if (asked === 2) {
      response.writeHead(500).end();
      return;
    }
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(
      [
        '# TYPE visits counter',
        `visits{service="other",path="a\\"b"} ${asked}`,
        'http_seconds_bucket{le="0.5"} 3',
        'http_seconds_bucket{le="+Inf"} 4',
        'load NaN',
        '',
      ].join('\n'),
    );
  });
  const up = await eventually('four scrapes', async () => {
    const found = await read('up');
    return (found[0]?.values.length ?? 0) >= 4 ? found : undefined;
  });
  expect(up[0]?.values.slice(0, 4)).toEqual([1, 0, 1, 1]);
  const place = { service: 'cart', environment: 'prod', version: '2.1', job: 'cart', instance: host };
  const [visits] = await read('visits');
  expect(visits?.labels).toEqual({ ...place, exported_service: 'other', path: 'a"b' });
  expect(visits?.type).toBe('counter');
  expect(visits?.values.slice(0, 3)).toEqual([1, 3, 4]);
  expect((await read('http_seconds_bucket')).map(({ labels }) => labels['le']).toSorted()).toEqual([
    '+Inf',
    '0.5',
  ]);
  expect(await read('load')).toEqual([]);
  const warnings = lines.filter(({ level }) => level === 40);
  expect(warnings).toMatchObject([{ scrape: 'cart' }]);
  expect(warnings[0]?.['msg']).toContain('it answered 500');
  expect(lines.filter(({ level }) => level === 30)).toHaveLength(1);
});

it('takes an OpenMetrics page with its times in seconds', async () => {
  const seconds = Math.floor(Date.now() / 1_000) - 60 + 0.25;
  const { read } = await scene((response) => {
    response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0');
    response.end(`# TYPE jobs counter\njobs_total 17 ${seconds} # {trace_id="a"} 1\n# EOF\n`);
  });
  const [jobs] = await eventually('a sample', async () => {
    const found = await read('jobs_total');
    return found.length > 0 ? found : undefined;
  });
  expect(jobs).toMatchObject({ type: 'counter', values: [17] });
});
