import { Registry } from 'prom-client';
import { createCalibrationMetrics, type CalibrationMetrics } from './calibration-metrics.js';
import { createDeliveryMetrics, type DeliveryMetrics } from './delivery-metrics.js';
import { createEngineMetrics, type EngineMetrics } from './engine-metrics.js';
import { createHookMetrics, type HookMetrics } from './hook-metrics.js';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.js';
import { createIngestMetrics, type IngestMetrics } from './ingest-metrics.js';
import { createProcessMetrics } from './process-metrics.js';
import { createSourceMetrics, type SourceMetrics } from './source-metrics.js';
import { createStoreMetrics, type StoreMetrics } from './store-metrics.js';
import { createWatchMetrics, type WatchMetrics } from './watch-metrics.js';

/** Bellwether's own metrics; a registry per instance, so that two can live in one process. */
export interface Telemetry {
  readonly registry: Registry;
  readonly watches: WatchMetrics;
  readonly engine: EngineMetrics;
  readonly calibration: CalibrationMetrics;
  readonly sources: SourceMetrics;
  readonly delivery: DeliveryMetrics;
  readonly store: StoreMetrics;
  readonly http: HttpMetrics;
  readonly ingest: IngestMetrics;
  readonly hooks: HookMetrics;
  /** Ends what measures in the background. */
  readonly stop: () => void;
}

export function createTelemetry(): Telemetry {
  const registry = new Registry();
  const { stop } = createProcessMetrics(registry);
  return {
    registry,
    watches: createWatchMetrics(registry),
    engine: createEngineMetrics(registry),
    calibration: createCalibrationMetrics(registry),
    sources: createSourceMetrics(registry),
    delivery: createDeliveryMetrics(registry),
    store: createStoreMetrics(registry),
    http: createHttpMetrics(registry),
    ingest: createIngestMetrics(registry),
    hooks: createHookMetrics(registry),
    stop,
  };
}
