import { afterEach, expect, it } from 'vitest';
import { createGuardedDial } from '../src/delivery/guarded-dial.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import { createInflux1Source } from '../src/sources/influx/v1/source.js';
import { startInflux, type InfluxServer } from './influx-server.js';
import { describeWithServer } from './needs-server.js';

const START_MS = Date.UTC(2026, 0, 31, 12);
const POINTS = 2_000;
const mean = `SELECT mean("value") FROM "latency" WHERE $timeFilter GROUP BY time({{interval}}) fill(none)`;

describeWithServer('influxd', 'an InfluxDB that limits queries', () => {
  let server: InfluxServer | undefined;
  afterEach(() => server?.stop());

  /** What a query of three pods fails with on a server with these settings of its coordinator. */
  async function failure(coordinator: string): Promise<unknown> {
    server = await startInflux({ coordinator });
    await server.query('CREATE DATABASE "metrics"');
    const lines = Array.from({ length: POINTS }, (_, at) =>
      ['a', 'b', 'c'].map((pod) => `latency,pod=${pod} value=1 ${START_MS + at * 10}`).join('\n'),
    );
    await server.write('metrics', lines.join('\n'));
    const source = createInflux1Source(
      {
        ...{ name: 'influx', url: server.url, database: 'metrics', field: 'value', timeoutMs: 5_000 },
        ...{ headers: {}, secrets: [], tls: {} },
      },
      {
        dial: createGuardedDial(createUrlGuard({ allow: [server.host] })),
        stop: new AbortController().signal,
        pauseMs: 1,
      },
    );
    return source
      .evaluate({
        project: 'default',
        expression: mean,
        variables: { service: '', environment: '', previousVersion: '' },
        ...{ fromMs: START_MS, toMs: START_MS + POINTS * 10, stepMs: 100 },
      })
      .catch((error: unknown) => error);
  }

  it('says which limit a query is over, and what to do', async () => {
    const message = (limit: string): RegExp =>
      new RegExp(
        `^source "influx" refuses the query: ${limit} limit exceeded: .*; ask for less, or raise that limit of the InfluxDB. Query: SELECT`,
      );
    expect(await failure('max-select-series = 2')).toMatchObject({
      code: 'bad-query',
      retryable: false,
      message: expect.stringMatching(message('max-select-series')) as string,
    });
    await server?.stop();
    expect(await failure('max-select-buckets = 20')).toMatchObject({
      code: 'bad-query',
      message: expect.stringMatching(message('max-select-buckets')) as string,
    });
  });

  it('is asked again where it was too slow this time', async () => {
    expect(await failure('query-timeout = "1us"')).toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: expect.stringMatching(
        /^source "influx" gave the query up: query-timeout limit exceeded; ask for less, or raise query-timeout of the InfluxDB. Query: SELECT/,
      ) as string,
    });
  });
});
