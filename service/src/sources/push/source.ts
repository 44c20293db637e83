import type { ListedSeries, MetricSource, SeriesQuery, SourceQuery } from '../port.js';
import { SourceError } from '../port.js';
import type { SourceSeries } from '../../domain/sample.js';

/** More than a fleet has instances, as of every other source; a selector that matches more has forgotten a label. */
const MOST_READ = 1_000;
/** Bounds the memory of a list to some megabytes. */
const MOST_LISTED = 10_000;

/** What this source reads from: the embedded sample store. */
export interface PushedSamples {
  read(query: SourceQuery & { readonly limit: number }): Promise<readonly SourceSeries[]>;
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
    async fetch(query) {
      const some = { ...query, limit: MOST_READ + 1 };
      const read = await available(`reading pushed samples of "${query.metric}"`, () => samples.read(some));
      if (read.length <= MOST_READ) return read;
      throw new SourceError('too-many-series', tooMany(query, read), false);
    },
    async listSeries({ matchers, ...query }) {
      const all = { ...query, labels: matchers, limit: MOST_LISTED + 1 };
      const listed = await available('listing pushed series', () => samples.list(all));
      if (listed.length <= MOST_LISTED) return listed;
      const text = `more than ${MOST_LISTED} pushed series match ${JSON.stringify(matchers)}; give more labels`;
      throw new SourceError('too-many-series', text, false);
    },
  };
}

function tooMany({ metric, labels }: SourceQuery, read: readonly SourceSeries[]): string {
  const shown = read.slice(0, 3).map((series) => JSON.stringify(series.labels));
  return `more than ${MOST_READ} pushed series of "${metric}" match ${JSON.stringify(labels)}, such as ${shown.join(', ')}; add labels to the selector`;
}

async function available<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new SourceError('unavailable', `${what} failed`, true, { cause });
  }
}
