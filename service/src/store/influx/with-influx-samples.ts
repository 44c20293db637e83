import type { Store } from '../port.js';
import { InfluxSampleStore } from './influx-sample-store.js';
import type { SampleDatabase } from './sample-database.js';

/** A store that keeps pushed samples in another database, and everything else where it was. */
export function withInfluxSamples(store: Store, database: SampleDatabase): Store {
  const samples = new InfluxSampleStore(database);
  return {
    ...store,
    samples,
    async prune(nowMs, retention) {
      const removed = await store.prune(nowMs, retention);
      await samples.prune(nowMs - retention.samplesMs);
      return removed;
    },
  };
}
