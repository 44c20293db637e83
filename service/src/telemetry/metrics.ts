import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Bellwether's own metrics; a registry per instance, so that two can live in one process. */
export interface Telemetry {
  readonly registry: Registry;
  readonly looks: Counter;
  readonly lookFailures: Counter;
  readonly lookLagSeconds: Histogram;
  readonly lookSeconds: Histogram;
  readonly verdicts: Counter<'verdict'>;
  readonly deliveries: Counter<'endpoint' | 'outcome'>;
  readonly rollbacks: Counter<'executor' | 'outcome'>;
  readonly samples: Counter;
}

/** @param activeWatches read at every scrape */
export function createTelemetry(activeWatches: () => Promise<number>): Telemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: 'bellwether_watches_active',
    help: 'Watches in progress.',
    registers,
    async collect() {
      this.set(await activeWatches());
    },
  });
  return {
    registry,
    looks: new Counter({ name: 'bellwether_looks_total', help: 'Looks taken.', registers }),
    lookFailures: new Counter({
      name: 'bellwether_look_failures_total',
      help: 'Looks that failed and stayed due.',
      registers,
    }),
    lookLagSeconds: new Histogram({
      name: 'bellwether_look_lag_seconds',
      help: 'How long after it was due a look began.',
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
      registers,
    }),
    lookSeconds: new Histogram({
      name: 'bellwether_look_seconds',
      help: 'How long a look took.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    verdicts: new Counter({
      name: 'bellwether_verdicts_total',
      help: 'Verdict changes.',
      labelNames: ['verdict'] as const,
      registers,
    }),
    deliveries: new Counter({
      name: 'bellwether_deliveries_total',
      help: 'Webhook attempts by outcome.',
      labelNames: ['endpoint', 'outcome'] as const,
      registers,
    }),
    rollbacks: new Counter({
      name: 'bellwether_rollback_attempts_total',
      help: 'Rollback attempts by outcome.',
      labelNames: ['executor', 'outcome'] as const,
      registers,
    }),
    samples: new Counter({ name: 'bellwether_samples_stored_total', help: 'Samples stored.', registers }),
  };
}
