import { AppError, type UseCases } from '../app/use-cases.js';
import { StoreError } from '../store/port.js';
import type { StoreMetrics } from './store-metrics.js';

/** The same use cases, with what they store and refuse of samples counted. */
export function countSamples(useCases: UseCases, { store }: { readonly store: StoreMetrics }): UseCases {
  return {
    ...useCases,
    async pushSamples(caller, batches) {
      try {
        const result = await useCases.pushSamples(caller, batches);
        store.samplesStored(result.stored);
        return result;
      } catch (error) {
        const known = error instanceof AppError || error instanceof StoreError;
        const count = batches.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
        store.samplesRefused(known ? error.code : 'error', count);
        throw error;
      }
    },
    async writeSamples(caller, batches) {
      const result = await useCases.writeSamples(caller, batches);
      store.samplesStored(result.stored);
      return result;
    },
  };
}
