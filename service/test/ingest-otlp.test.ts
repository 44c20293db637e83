import {
  AggregationTemporalityPreference,
  OTLPMetricExporter as JsonExporter,
} from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestScene } from './ingest-scene.js';

let scene: Awaited<ReturnType<typeof ingestScene>>;
beforeAll(async () => {
  scene = await ingestScene();
});
afterAll(() => scene.close());

const place = (service: string) => ({
  service,
  service_name: service,
  service_version: '2.1',
  version: '2.1',
  environment: 'prod',
  deployment_environment_name: 'prod',
});

/** A program that is instrumented with the real SDK; `flush` sends what was measured. */
function program(service: string, exporter: PushMetricExporter) {
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({
    readers: [reader],
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': '2.1',
      'deployment.environment.name': 'prod',
      'process.pid': 17,
    }),
    views: [
      {
        instrumentName: 'wait',
        aggregation: {
          type: AggregationType.EXPONENTIAL_HISTOGRAM,
          options: { maxSize: 160, recordMinMax: true },
        },
      },
    ],
  });
  return {
    meter: provider.getMeter('test'),
    flush: () => provider.forceFlush(),
    stop: () => provider.shutdown(),
  };
}

const exporters = {
  protobuf: (temporalityPreference: AggregationTemporalityPreference) =>
    new ProtobufExporter({
      url: `${scene.url}/v1/metrics`,
      headers: { authorization: `Bearer ${scene.token}` },
      temporalityPreference,
    }),
  JSON: (temporalityPreference: AggregationTemporalityPreference) =>
    new JsonExporter({
      url: `${scene.url}/v1/metrics`,
      headers: { authorization: `Bearer ${scene.token}` },
      temporalityPreference,
    }),
} as const;

describe.each(['protobuf', 'JSON'] as const)('the OpenTelemetry SDK over %s', (encoding) => {
  describe.each([
    ['cumulative', AggregationTemporalityPreference.CUMULATIVE],
    ['delta', AggregationTemporalityPreference.DELTA],
  ] as const)('%s', (word, temporality) => {
    it('brings counters, gauges and both kinds of histograms to the same counts', async () => {
      const service = `${encoding}-${word}`;
      const { meter, flush, stop } = program(service, exporters[encoding](temporality));
      const counter = meter.createCounter('http.server.requests', { unit: '{request}' });
      const active = meter.createUpDownCounter('http.server.active');
      const heap = meter.createGauge('heap', { unit: 'By' });
      const explicit = meter.createHistogram('http.server.duration', {
        unit: 's',
        advice: { explicitBucketBoundaries: [0.1, 1] },
      });
      const wait = meter.createHistogram('wait', { unit: 's' });
      const measure = (times: number): void => {
        for (let index = 0; index < times; index += 1) {
          counter.add(2, { 'http.route': '/pay' });
          explicit.record(index % 2 === 0 ? 0.05 : 5);
          wait.record(2 ** (index % 3) - 0.25);
        }
        active.add(1);
        heap.record(times * 1.5);
      };
      measure(4);
      await sleep(20);
      await flush();
      measure(6);
      // Increments up to the same millisecond are the same increment.
      await sleep(20);
      await flush();
      await stop();

      const last = (series: Awaited<ReturnType<typeof scene.read>>[number] | undefined) =>
        series?.points.at(-1)?.[1];
      const [requests] = await scene.read('http.server.requests', { service });
      expect(requests?.labels).toEqual({ ...place(service), http_route: '/pay' });
      expect(requests?.type).toBe('counter');
      expect(last(requests)).toBe(20);
      const [gauge] = await scene.read('heap', { service });
      expect(gauge).toMatchObject({ type: 'gauge', labels: place(service) });
      expect(last(gauge)).toBe(9);
      expect(await scene.read('http.server.active', { service })).toMatchObject([{ type: 'gauge' }]);

      const bucketsOf = async (metric: string) =>
        new Map(
          (await scene.read(`${metric}_bucket`, { service })).map((series) => [
            Number(series.labels['le']?.replace('+Inf', 'Infinity')),
            last(series),
          ]),
        );
      expect(await bucketsOf('http.server.duration')).toEqual(
        new Map([
          [Infinity, 10],
          [0.1, 5],
          [1, 5],
        ]),
      );
      const buckets = await bucketsOf('wait');
      expect(buckets.get(Infinity)).toBe(10);
      // 0.75, 1.75 and 3.75 in turns: 2 + 2, then 1 + 2, then 1 + 2.
      const upTo = (bound: number) =>
        Math.max(0, ...[...buckets].filter(([le]) => le <= bound).map(([, count]) => count ?? 0));
      expect([upTo(0.7), upTo(1), upTo(2), upTo(4)]).toEqual([0, 4, 7, 10]);
      const [count] = await scene.read('wait_count', { service });
      expect(last(count)).toBe(10);
      // What was measured before the first export counts too where it comes as an increment.
      if (word === 'delta') expect(requests?.points[0]?.[1]).toBe(0);
    });
  });
});
