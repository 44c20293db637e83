import type { ListedSeries, MetricSource, SeriesQuery, SourceQuery } from '../port.js';
import { SourceError } from '../port.js';
import type { SourceSeries } from '../../domain/sample.js';

/** Bounds the memory of a list to some megabytes. */
const MOST_LISTED = 10_000;

/** What this source reads from: the embedded sample store. */
export interface PushedSamples {
  read(query: SourceQuery): Promise<readonly SourceSeries[]>;
  list(
    query: Omit<SeriesQuery, 'matchers'> & {
      readonly labels: SeriesQuery['matchers'];
      readonly limit: number;
    },
  ): Promise<readonly ListedSeries[]>;
}

/** Metrics that were pushed to Bellwether itself. */
export function createPushSource(samples: PushedSamples): MetricSource {
  return {
    name: 'push',
    fetch: (query) => available(`reading pushed samples of "${query.metric}"`, () => samples.read(query)),
    async listSeries({ matchers, ...query }) {
      const all = { ...query, labels: matchers, limit: MOST_LISTED + 1 };
      const listed = await available('listing pushed series', () => samples.list(all));
      if (listed.length <= MOST_LISTED) return listed;
      const text = `more than ${MOST_LISTED} pushed series match ${JSON.stringify(matchers)}; give more labels`;
      throw new SourceError('too-many-series', text, false);
    },
  };
}

async function available<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new SourceError('unavailable', `${what} failed`, true, { cause });
  }
}
