import { Counter, Histogram, type Registry } from 'prom-client';
import type { Engine } from '../engine/port.js';

export interface EngineMetrics {
  /** A replay of the past ended. */
  calibrated(outcome: 'done' | 'failed', durationMs: number): void;
  /** An engine thread died or got stuck and is replaced. */
  crashed(): void;
}

export function createEngineMetrics(registry: Registry): EngineMetrics {
  const registers = [registry];
  const calibrations = new Counter({
    name: 'bellwether_calibrations_total',
    help: "Replays of a service's past, by outcome.",
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of ['done', 'failed']) calibrations.inc({ outcome }, 0);
  const duration = new Histogram({
    name: 'bellwether_calibration_duration_seconds',
    help: 'How long a replay took, its wait for a thread included.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
    registers,
  });
  const crashes = new Counter({
    name: 'bellwether_engine_crashes_total',
    help: 'Engine threads that died or got stuck and were replaced.',
    registers,
  });
  return {
    calibrated(outcome, durationMs) {
      calibrations.inc({ outcome });
      duration.observe(Math.max(0, durationMs) / 1000);
    },
    crashed: () => crashes.inc(),
  };
}

/** The same engine, its calibrations counted and timed. */
export function instrumentEngine(engine: Engine, metrics: EngineMetrics): Engine {
  return {
    ...engine,
    async calibrate(watchId, snapshot) {
      const startedAt = performance.now();
      try {
        const summary = await engine.calibrate(watchId, snapshot);
        metrics.calibrated('done', performance.now() - startedAt);
        return summary;
      } catch (error) {
        metrics.calibrated('failed', performance.now() - startedAt);
        throw error;
      }
    },
  };
}
