import type { SampleBatch, SeriesKey, SeriesType, SourceSeries } from '../../../domain/sample.js';
import { SourceError, type ListedSeries, type SeriesQuery, type SourceQuery } from '../../port.js';
import { mapByTurns } from '../by-turns.js';
import type { Influx1Config } from '../config.js';
import type { ClientParts } from '../exchange.js';
import { createInflux1Client, type Influx1Client, type Influx1Point } from './client.js';
import { quoteIdentifier, quoteString } from './quote.js';
import { readRaw } from './read-raw.js';
import {
  decodeTags,
  encodeLabels,
  encodeTags,
  encodeValue,
  PROJECT_TAG,
  VALUE_FIELD,
  type SampleTags,
} from './sample-tags.js';
import { parseSeriesKey } from './series-key.js';
import { where } from './where.js';

/** Well under the 25 MB that InfluxDB takes in one request. */
const WRITE_CHARACTERS = 8_000_000;
/** As many series as a project may have pushed: what is too much is for the limit at the push to say. */
const MOST_SERIES = 1_000_000;

/** A series as it was pushed, without its points. */
interface PushedSeries extends SeriesKey {
  readonly type: SeriesType;
  readonly unit?: string;
}

/** With a limit no more than that many series are looked for. */
type ListQuery = SeriesQuery & { readonly limit?: number };

/** Pushed samples in an InfluxDB 1.x: the metric is the measurement, labels are tags beside `__project__` and `__type__`. */
export interface Influx1Samples {
  /** Makes the database where that is missing and allowed. */
  prepare(): Promise<void>;
  series(project: string): Promise<readonly PushedSeries[]>;
  /** Series with points in the range, by name. */
  list(query: ListQuery): Promise<readonly (ListedSeries & { readonly type: SeriesType })[]>;
  read(query: SourceQuery): Promise<readonly SourceSeries[]>;
  /** Durable when it resolves; points of one series and time replace each other. */
  write(batches: readonly SampleBatch[]): Promise<void>;
  /** Deletes pushed points before an instant, and the series that are empty then; nothing that others wrote. */
  remove(beforeMs: number): Promise<void>;
}

/** Every method throws SourceError. */
export function createInflux1Samples(config: Influx1Config, parts: ClientParts): Influx1Samples {
  const client = createInflux1Client(config, parts);
  return {
    prepare: () => prepare(client, config.database),
    async series(project) {
      const [keys = []] = await client.query(
        `SHOW SERIES WHERE ${quoteIdentifier(PROJECT_TAG)} = ${quoteString(encodeValue(project))}`,
      );
      return keys.flatMap(({ values }) => values.flatMap(([key]) => pushedSeries(String(key))));
    },
    list: (query) => list(client, query),
    read: (query) => read(client, config.name, query),
    async write(batches) {
      for (const points of requests(batches)) await client.write(points);
    },
    async remove(beforeMs) {
      await client.query(
        `DELETE FROM /.+/ WHERE ${quoteIdentifier(PROJECT_TAG)} != '' AND time < ${Math.floor(beforeMs)}ms`,
      );
    },
  };
}

async function prepare(client: Influx1Client, database: string): Promise<void> {
  try {
    await client.query(`CREATE DATABASE ${quoteIdentifier(database)}`);
  } catch (error) {
    // Only an administrator may; where the database is there, nobody needs to.
    if (!(error instanceof SourceError) || error.retryable) throw error;
  }
}

async function list(client: Influx1Client, query: ListQuery) {
  const { project, matchers, fromMs, toMs, limit } = query;
  // Of each measurement; which of them come first is known when all are there.
  const most = limit === undefined ? '' : ` SLIMIT ${Math.max(1, limit)}`;
  const tags = pushedTags(project, matchers);
  const [found = []] = await client.query(
    `SELECT last(${quoteIdentifier(VALUE_FIELD)}) FROM /.+/ ${where({ tags, fromMs, toMs })} GROUP BY *${most}`,
  );
  return found
    .flatMap((series) => {
      const decoded = decodeTags(series.tags);
      return decoded === undefined ? [] : [listed(series.name, decoded)];
    })
    .toSorted((a, b) => (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0))
    .slice(0, limit);
}

const pushedTags = (project: string, labels: Readonly<Record<string, string>>) => ({
  [PROJECT_TAG]: encodeValue(project),
  ...encodeLabels(labels),
});

async function read(
  client: Influx1Client,
  source: string,
  query: SourceQuery & { readonly limit?: number },
): Promise<readonly SourceSeries[]> {
  const { project, metric, labels, fromMs, toMs, limit } = query;
  const tags = pushedTags(project, labels);
  const found = await readRaw(
    client,
    {
      ...{ source, measurement: metric, field: VALUE_FIELD, tags, fromMs, toMs },
      ...(limit === undefined ? {} : { enough: limit }),
    },
    MOST_SERIES,
  );
  const read = await mapByTurns(found, (series) => {
    const decoded = decodeTags(series.labels);
    return decoded === undefined ? [] : [{ ...series.toSeries(decoded.type), labels: decoded.labels }];
  });
  return read.flat();
}

function listed(
  metric: string,
  { labels, type, unit }: SampleTags,
): ListedSeries & { readonly type: SeriesType } {
  return { metric, labels, type, ...(unit === undefined ? {} : { unit }) };
}

function pushedSeries(key: string): readonly PushedSeries[] {
  const { measurement, tags } = parseSeriesKey(key);
  const decoded = decodeTags(tags);
  return decoded === undefined ? [] : [{ metric: measurement, ...decoded }];
}

/** Points in requests of a size that the server takes: nearly always one. */
function* requests(batches: readonly SampleBatch[]): Generator<readonly Influx1Point[]> {
  let points: Influx1Point[] = [];
  let characters = 0;
  for (const batch of batches) {
    const tags = encodeTags(batch);
    const length = JSON.stringify(tags).length + batch.metric.length + 64;
    for (const [index, timeMs] of batch.timesMs.entries()) {
      points.push({
        measurement: batch.metric,
        tags,
        fields: { [VALUE_FIELD]: batch.values[index] ?? 0 },
        timeMs,
      });
      characters += length;
      if (characters < WRITE_CHARACTERS) continue;
      yield points;
      [points, characters] = [[], 0];
    }
  }
  if (points.length > 0) yield points;
}
