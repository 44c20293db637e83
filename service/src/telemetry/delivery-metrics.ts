import { Counter, Histogram, type Registry } from 'prom-client';

export interface DeliveryMetrics {
  /** A webhook endpoint is configured: its series begin at zero. */
  endpointKnown(endpoint: string): void;
  /** An executor is configured: its series begin at zero. */
  executorKnown(executor: string): void;
  delivered(endpoint: string, outcome: 'delivered' | 'retry' | 'dead', durationMs: number): void;
  /** An executor was asked once. */
  attempted(executor: string, outcome: 'executed' | 'failed', durationMs: number): void;
  /** A rollback came to its end. @param durationMs since it was asked for */
  rolledBack(outcome: 'executed' | 'failed' | 'refused', durationMs: number): void;
}

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300];

export function createDeliveryMetrics(registry: Registry): DeliveryMetrics {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'bellwether_deliveries_total',
    help: 'Webhook attempts by endpoint and outcome.',
    labelNames: ['endpoint', 'outcome'] as const,
    registers,
  });
  const deliverySeconds = new Histogram({
    name: 'bellwether_delivery_duration_seconds',
    help: 'How long a webhook attempt took.',
    labelNames: ['endpoint'] as const,
    buckets: SECONDS,
    registers,
  });
  const attempts = new Counter({
    name: 'bellwether_rollback_attempts_total',
    help: 'Calls of rollback executors by outcome.',
    labelNames: ['executor', 'outcome'] as const,
    registers,
  });
  const attemptSeconds = new Histogram({
    name: 'bellwether_rollback_attempt_duration_seconds',
    help: 'How long a call of a rollback executor took.',
    labelNames: ['executor'] as const,
    buckets: SECONDS,
    registers,
  });
  const rollbacks = new Counter({
    name: 'bellwether_rollbacks_total',
    help: 'Rollbacks that came to their end, by outcome.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of ['executed', 'failed', 'refused']) rollbacks.inc({ outcome }, 0);
  const rollbackSeconds = new Histogram({
    name: 'bellwether_rollback_duration_seconds',
    help: 'From the request of a rollback to its end, all attempts included.',
    labelNames: ['outcome'] as const,
    buckets: [...SECONDS, 1800],
    registers,
  });
  return {
    endpointKnown(endpoint) {
      for (const outcome of ['delivered', 'retry', 'dead']) deliveries.inc({ endpoint, outcome }, 0);
    },
    executorKnown(executor) {
      for (const outcome of ['executed', 'failed']) attempts.inc({ executor, outcome }, 0);
    },
    delivered(endpoint, outcome, durationMs) {
      deliveries.inc({ endpoint, outcome });
      deliverySeconds.observe({ endpoint }, durationMs / 1000);
    },
    attempted(executor, outcome, durationMs) {
      attempts.inc({ executor, outcome });
      attemptSeconds.observe({ executor }, durationMs / 1000);
    },
    rolledBack(outcome, durationMs) {
      rollbacks.inc({ outcome });
      rollbackSeconds.observe({ outcome }, Math.max(0, durationMs) / 1000);
    },
  };
}
