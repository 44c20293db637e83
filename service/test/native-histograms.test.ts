import { afterAll, expect } from 'vitest';
import { readArm } from '../src/app/window/read-arm.js';
import { createGuardedFetch } from '../src/delivery/guarded-fetch.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import type { Deployment } from '../src/domain/deployment.js';
import type { Signal } from '../src/domain/policy.js';
import { createPrometheusSource } from '../src/sources/prometheus/source.js';
import { startPrometheus, type MetricServer } from './metric-servers.js';
import { needsServer } from './needs-server.js';

const FROM_MS = Date.UTC(2026, 0, 15, 12);
const MINUTE_MS = 60_000;
const MINUTES = Array.from({ length: 12 }, (_, i) => i);
const labels = { service: 'cart', version: '1.0' };
const deployment = {
  project: 'default',
  service: 'cart',
  environment: 'prod',
  version: '1.1',
  previousVersion: '1.0',
} as Deployment;
const grid = { startMs: FROM_MS + MINUTE_MS, intervalMs: MINUTE_MS, count: 9 };

let server: MetricServer | undefined;
afterAll(() => server?.stop());

/** Every minute one observation of zero, two up to 0.25 s, three up to 0.5 s, four up to 1 s; restarted after six minutes. */
async function filled(): Promise<MetricServer> {
  server = await startPrometheus('[]', 'native-histograms');
  const histograms = MINUTES.map((minute) => {
    const grown = minute < 6 ? minute + 1 : minute - 5;
    return {
      timeMs: FROM_MS + minute * MINUTE_MS,
      first: -2,
      counts: [2 * grown, 3 * grown, 4 * grown],
      zeros: grown,
    };
  });
  await server.write([{ metric: 'native_seconds', labels, points: [], histograms }]);
  return server;
}

needsServer(
  'prometheus',
  'native histograms are read as the buckets that they are, raw and by query',
  () => async () => {
    const { host, url } = await filled();
    const fetch = createGuardedFetch(createUrlGuard({ allow: [host] }), {
      timeoutMs: 5_000,
      maxResponseBytes: 1e6,
    });
    const source = createPrometheusSource(
      { name: 'prom', url, headers: {}, timeoutMs: 5_000, secrets: [] },
      { fetch, stop: new AbortController().signal },
    );
    const read = async (signal: Signal) => {
      const { arm } = await readArm({ source, deployment, signal, overlay: {}, grid });
      if (arm.shape !== 'histogram') throw new Error(arm.shape);
      // By the last bound of each bucket that holds anything.
      return arm.counts.flatMap((line, bucket) =>
        line.some((count) => count > 0)
          ? [[arm.upperBounds[bucket], ...line.map((count) => Math.round(count))]]
          : [],
      );
    };
    const [smallest, ...rest] = await read({
      type: 'histogram',
      series: { metric: 'native_seconds', labels },
    });
    expect(smallest?.[0]).toBeLessThan(1e-30);
    expect(smallest?.slice(1)).toEqual(new Array<number>(grid.count).fill(1));
    expect(rest.map((line) => [line[0], line[1], line[8]])).toEqual([
      [0.25, 2, 2],
      [0.5, 3, 3],
      [1, 4, 4],
    ]);
    const query = 'sum(increase(native_seconds{service="{{service}}"}[2m]))';
    const asked = await read({ type: 'histogram', source: 'prom', query });
    expect(asked.map((line) => line[0])).toEqual([expect.any(Number), 0.25, 0.5, 1]);
    // Two minutes are needed for an increase between samples a minute apart.
    expect(asked[3]?.[1]).toBe(8);
    const gauge: Signal = { type: 'gauge', source: 'prom', query: 'native_seconds', combine: 'only' };
    await expect(read(gauge)).rejects.toThrow(/signal of type "histogram"/);
    await fetch.close();
  },
);
