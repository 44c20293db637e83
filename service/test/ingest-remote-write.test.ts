import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { ingestScene, startExporter } from './ingest-scene.js';
import { startPrometheus, type MetricServer } from './metric-servers.js';
import { describeWithServer } from './needs-server.js';

type Scene = Awaited<ReturnType<typeof ingestScene>>;

/** Answers as it is told before it lets requests through. */
async function startProxy(target: number, answers: readonly number[]) {
  const seen: number[] = [];
  const server: Server = createServer((request, response) => {
    const status = answers[seen.length];
    seen.push(status ?? 0);
    if (status !== undefined) {
      request.resume().on('end', () => response.writeHead(status).end());
      return;
    }
    const { method, url, headers } = request;
    const onward = forward({ port: target, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, seen, close: () => server.close() };
}

function remoteWriteTo(port: number, token: string): string {
  const queue = 'queue_config: { batch_send_deadline: 100ms, min_backoff: 30ms, max_shards: 1 }';
  return `[{ url: "http://127.0.0.1:${port}/api/v1/write", authorization: { credentials: "${token}" }, send_native_histograms: true, ${queue} }]`;
}

const scrape = (host: string): string =>
  `[{ job_name: cart, scrape_interval: 1s, static_configs: [{ targets: ["${host}"], labels: { env: prod, version: "2.1" } }] }]`;

describeWithServer('prometheus', 'remote-write 1.0', () => {
  let scene: Scene;
  let exporter: Awaited<ReturnType<typeof startExporter>>;
  const running: (() => unknown)[] = [];
  let requests = 0;
  beforeAll(async () => {
    exporter = await startExporter(() => {
      requests += 7;
      return [
        '# TYPE http_requests_total counter',
        `http_requests_total{code="200"} ${requests}`,
        '# TYPE http_seconds histogram',
        `http_seconds_bucket{le="0.1"} ${requests - 2}`,
        `http_seconds_bucket{le="+Inf"} ${requests}`,
        `http_seconds_sum ${requests / 10}`,
        `http_seconds_count ${requests}`,
        'ratio NaN',
        'broken{text="two\\nlines"} 1',
        '',
      ].join('\n');
    });
  });
  afterEach(async () => {
    for (const stop of running.splice(0).toReversed()) await stop();
  });
  afterAll(() => exporter.server.close());

  const start = async (answers: readonly number[] = []): Promise<MetricServer> => {
    scene = await ingestScene();
    const proxy = await startProxy(scene.port, answers);
    const prometheus = await startPrometheus(
      scrape(exporter.host),
      'native-histograms',
      remoteWriteTo(proxy.port, scene.token),
    );
    running.push(
      () => scene.close(),
      proxy.close,
      () => prometheus.stop(),
    );
    return prometheus;
  };

  it('brings counters, buckets and the place of their service; what is broken alone is left out and not sent again', async () => {
    const prometheus = await start();
    const place = { service: 'cart', environment: 'prod', version: '2.1', instance: exporter.host };
    const [counter] = await eventually('three samples of a counter', async () => {
      const found = await scene.read('http_requests_total', { ...place, code: '200' });
      return (found[0]?.points.length ?? 0) >= 3 ? found : undefined;
    });
    expect(counter?.type).toBe('counter');
    const steps = counter?.points.map(
      ([, value], index) => value - (counter.points[index - 1]?.[1] ?? value),
    );
    expect(steps?.slice(1).every((step) => step === 7)).toBe(true);
    const buckets = await scene.read('http_seconds_bucket', place);
    expect(buckets.map(({ labels }) => labels['le']).toSorted()).toEqual(['+Inf', '0.1']);
    expect(await scene.read('ratio')).toEqual([]);
    expect(await scene.read('broken')).toEqual([]);
    expect(
      await scene.counted(
        'bellwether_ingest_refused_samples_total',
        'dialect="remote-write",reason="bad-name"',
      ),
    ).toBeGreaterThan(2);
    const notices = scene.logged.filter(({ level, reason }) => level === 40 && reason === 'bad-name');
    expect(notices).toHaveLength(1);
    expect(notices[0]?.['msg']).toContain('the label text holds a control character');
    expect(await prometheus.value('prometheus_remote_storage_samples_retried_total')).toBeUndefined();
  });

  it('loses nothing when it was busy: Prometheus sends again what got 503', async () => {
    await start([503, 503, 503]);
    const [counter] = await eventually('four samples of a counter', async () => {
      const found = await scene.read('http_requests_total');
      return (found[0]?.points.length ?? 0) >= 4 ? found : undefined;
    });
    const times = counter?.points.map(([timeMs]) => timeMs) ?? [];
    expect(Math.max(...times.map((timeMs, index) => timeMs - (times[index - 1] ?? timeMs)))).toBeLessThan(
      1_500,
    );
  });

  it('brings native histograms as buckets, a new one standing at zero before', async () => {
    const prometheus = await start();
    // Prometheus sends on what is newer than its start.
    const nowMs = Date.now();
    const histogram = (timeMs: number, first: number, counts: readonly number[]) => ({
      timeMs,
      first,
      counts,
      zeros: 1,
    });
    const write = (histograms: readonly ReturnType<typeof histogram>[]) =>
      prometheus.write([{ metric: 'wait_seconds', labels: { job: 'pay' }, points: [], histograms }]);
    await write([histogram(nowMs + 1_000, 1, [4, 2])]);
    await write([histogram(nowMs + 2_000, 1, [5, 2, 3])]);
    const series = await eventually('the buckets', async () => {
      const found = await scene.read('wait_seconds_bucket', { service: 'pay' });
      return found.some(({ points }) => points.length === 2) &&
        found.some(({ labels }) => labels['le'] === '8')
        ? found
        : undefined;
    });
    const upTo = (le: string) =>
      series.find(({ labels }) => labels['le'] === le)?.points.map(([, value]) => value);
    expect(upTo('2')).toEqual([5, 6]);
    expect(upTo('4')).toEqual([7, 8]);
    expect(upTo('8')).toEqual([7, 11]);
    expect(upTo('+Inf')).toEqual([7, 11]);
  });

  it('is told apart from an unknown token: 401 is not sent again', async () => {
    scene = await ingestScene();
    running.push(() => scene.close());
    const answer = await scene.post('/api/v1/write', new Uint8Array(), { authorization: 'Bearer bw_no' });
    expect(answer.status).toBe(401);
  });
});
