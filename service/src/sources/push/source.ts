import type { MetricSource, SourceQuery } from '../port.js';
import { SourceError } from '../port.js';
import type { SourceSeries } from '../../domain/sample.js';

/** What this source reads from: the embedded sample store. */
export interface PushedSamples {
  read(query: SourceQuery): Promise<readonly SourceSeries[]>;
}

/** Metrics that were pushed to Bellwether itself. */
export function createPushSource(samples: PushedSamples): MetricSource {
  return {
    name: 'push',
    async fetch(query) {
      try {
        return await samples.read(query);
      } catch (cause) {
        throw new SourceError('unavailable', `reading pushed samples of "${query.metric}" failed`, true, {
          cause,
        });
      }
    },
  };
}
