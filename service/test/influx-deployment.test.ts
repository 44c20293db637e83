import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@bellwether/models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { startInflux, type InfluxServer } from './influx-server.js';
import { describeWithServer } from './needs-server.js';
import { startService, type Answer, type RunningService } from './running-service.js';
import { createTraffic, errorPolicy } from './traffic.js';

const INTERVAL_MS = 200;
/** History that a canary's whole service is compared with. */
const QUIET_MS = 8_000;
const deployment = {
  service: 'cart',
  environment: 'prod',
  version: 'v2',
  previousVersion: 'v1',
  strategy: 'canary',
  change: { kind: 'code' },
};
const LATENCY = `SELECT mean("value") FROM "latency_seconds" WHERE $timeFilter AND "service" = '{{service}}' AND "version" =~ /^{{version}}$/ GROUP BY time({{interval}}) fill(none)`;

/** Writes what an agent on the hosts of both versions would: counters and a latency, one line an interval. */
function writeTraffic(server: InfluxServer, canary: { errorRatio: number; latencySeconds: number }) {
  const random = createRandom(20_261_124);
  const counters = ['v1', 'v2'].map((version) => ({ version, requests: 0, errors: 0 }));
  return setInterval(() => {
    const lines = counters.flatMap((counter) => {
      const { errorRatio, latencySeconds } =
        counter.version === 'v2' ? canary : { errorRatio: 0.002, latencySeconds: 0.1 };
      const requests = random.poisson(counter.version === 'v2' ? 60 : 240);
      counter.requests += requests;
      counter.errors += random.poisson(requests * errorRatio);
      const tags = `service=cart,environment=prod,version=${counter.version}`;
      const latency = latencySeconds * (1 + 0.1 * random.normal());
      return [
        `requests_total,${tags} value=${counter.requests} ${Date.now()}`,
        `errors_total,${tags} value=${counter.errors} ${Date.now()}`,
        `latency_seconds,${tags} value=${latency} ${Date.now()}`,
      ];
    });
    server.write('metrics', lines.join('\n')).catch(() => undefined);
  }, INTERVAL_MS);
}

const config = (server: InfluxServer) => {
  const passwordFile = join(mkdtempSync(join(tmpdir(), 'bellwether-influx-secret-')), 'password');
  writeFileSync(passwordFile, 'secret\n');
  return {
    egress: { allow: [server.host] },
    sources: [
      {
        kind: 'influxdb1',
        name: 'influx',
        url: server.url,
        database: 'metrics',
        username: 'root',
        password: { file: passwordFile },
      },
    ],
  };
};
const finalVerdict = (service: RunningService, started: Answer) =>
  eventually(
    'a final verdict',
    async () => {
      const path = `/api/v1/deployments/${String(started.body['id'])}/verdict?wait=2s`;
      const { body } = await service.request('GET', path);
      return body['final'] === true || body['verdict'] === 'rollback' ? body : undefined;
    },
    40_000,
  );

describeWithServer('influxd', 'a deployment with its metrics in InfluxDB', () => {
  let server: InfluxServer;
  let service: RunningService;
  let traffic: NodeJS.Timeout;
  const canary = { errorRatio: 0.002, latencySeconds: 0.1 };

  beforeAll(async () => {
    server = await startInflux({ auth: true });
    await server.query('CREATE DATABASE metrics');
    const policy = errorPolicy({ alpha: 0.01 });
    const [errors] = policy.metrics;
    service = await startService({
      config: {
        ...config(server),
        policies: {
          cart: {
            ...policy,
            metrics: [
              { ...errors, signal: { ...errors?.signal, source: 'influx' } },
              {
                name: 'latency',
                kind: 'latency',
                unit: 's',
                signal: { type: 'gauge', source: 'influx', query: LATENCY },
              },
            ],
          },
        },
      },
    });
    traffic = writeTraffic(server, canary);
    await sleep(QUIET_MS);
  }, 60_000);
  afterAll(async () => {
    clearInterval(traffic);
    expect(await service.stop()).toBe(0);
    await server.stop();
  });

  it('continues with a harmless canary', async () => {
    const started = await service.request('POST', '/api/v1/deployments', deployment);
    expect(started.status).toBe(201);
    expect(await finalVerdict(service, started)).toMatchObject({ verdict: 'continue', exitCode: 0 });
  }, 60_000);

  it('says rollback for a canary that fails and is slow', async () => {
    canary.errorRatio = 0.2;
    canary.latencySeconds = 0.2;
    const started = await service.request('POST', '/api/v1/deployments', { ...deployment, version: 'v2' });
    const verdict = await finalVerdict(service, started);
    expect(verdict).toMatchObject({ verdict: 'rollback', exitCode: 1 });
    const report = await service.request('GET', `/deployments/${String(started.body['id'])}/report`);
    expect(String(report.body['text'])).toContain('latency');
  }, 60_000);

  it('never shows the password', () => {
    expect(service.log()).not.toContain('"secret"');
    expect(service.log()).not.toContain(Buffer.from('root:secret').toString('base64'));
  });
});

describeWithServer('influxd', 'pushes that are kept in InfluxDB', () => {
  let server: InfluxServer;
  let service: RunningService;
  beforeAll(async () => {
    server = await startInflux({ auth: true });
    service = await startService({
      config: {
        ...config(server),
        samples: { store: 'influx', source: 'influx' },
        policies: { cart: errorPolicy({ alpha: 0.01 }) },
      },
    });
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    await server.stop();
  });

  it('are judged as ever, and are there for others to see', async () => {
    const canary = { version: 'v2', requestsPerInterval: 60, errorRatio: 0.2 };
    const traffic = createTraffic(
      () => service,
      [{ version: 'v1', requestsPerInterval: 240, errorRatio: 0.002 }, canary],
      INTERVAL_MS,
    );
    traffic.start();
    try {
      await sleep(3_000);
      const started = await service.request('POST', '/api/v1/deployments', deployment);
      expect(await finalVerdict(service, started)).toMatchObject({ verdict: 'rollback' });
    } finally {
      traffic.stop();
    }
    const { version, tMs, value } =
      traffic.acknowledged.find(({ metric }) => metric === 'requests_total') ?? {};
    expect(
      await server.query(
        `SELECT "value" FROM "requests_total" WHERE "__project__" = 'default' AND "__type__" = 'counter' AND "version" = '${String(version)}' AND time = ${String(tMs)}ms`,
        'metrics',
      ),
    ).toMatchObject({ results: [{ series: [{ values: [[tMs, value]] }] }] });
  }, 60_000);

  it('are refused for a while, with a time to come again, when InfluxDB is away', async () => {
    await server.stop();
    const series = [{ metric: 'late', labels: {}, type: 'gauge', samples: [[Date.now(), 1]] }];
    const refused = await service.request('POST', '/api/v1/samples', { series });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(service.log()).toContain('ECONNREFUSED');
  }, 60_000);
});
