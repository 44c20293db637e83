import { Counter, Histogram, type Registry } from 'prom-client';
import { StoreError, type Store } from '../store/port.js';

export interface StoreMetrics {
  transacted(durationMs: number): void;
  failed(code: string): void;
  samplesStored(count: number): void;
  /** @param reason code of the refusal */
  samplesRefused(reason: string, count: number): void;
}

export function createStoreMetrics(registry: Registry): StoreMetrics {
  const registers = [registry];
  const duration = new Histogram({
    name: 'bellwether_store_transaction_duration_seconds',
    help: 'How long write transactions took, their wait for each other included.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const failures = new Counter({
    name: 'bellwether_store_failures_total',
    help: 'Write transactions that failed, by code of the store; a conflict is an ordinary answer.',
    labelNames: ['code'] as const,
    registers,
  });
  for (const code of ['disk-full', 'unavailable']) failures.inc({ code }, 0);
  const stored = new Counter({
    name: 'bellwether_samples_stored_total',
    help: 'Pushed samples that were stored.',
    registers,
  });
  const refused = new Counter({
    name: 'bellwether_samples_refused_total',
    help: 'Pushed samples that were refused after their request was understood, by reason.',
    labelNames: ['reason'] as const,
    registers,
  });
  for (const reason of ['too-many', 'disk-full', 'unavailable']) refused.inc({ reason }, 0);
  return {
    transacted: (durationMs) => duration.observe(durationMs / 1000),
    failed: (code) => failures.inc({ code }),
    samplesStored: (count) => stored.inc(count),
    samplesRefused: (reason, count) => refused.inc({ reason }, count),
  };
}

/** The same store, its write transactions timed and their failures counted. */
export function instrumentStore(store: Store, metrics: StoreMetrics): Store {
  return {
    ...store,
    async transaction(work) {
      const startedAt = performance.now();
      try {
        return await store.transaction(work);
      } catch (error) {
        if (error instanceof StoreError) metrics.failed(error.code);
        throw error;
      } finally {
        metrics.transacted(performance.now() - startedAt);
      }
    },
  };
}
