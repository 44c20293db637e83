import type { Influx1Config } from '../config.js';
import { mapByTurns } from '../by-turns.js';
import { evaluateInPieces } from '../evaluate-in-pieces.js';
import type { ExpressionQuery, MetricSource, SourceQuery } from '../../port.js';
import { filledFor } from '../expression-error.js';
import type { SourceSeries } from '../../../domain/sample.js';
import type { ClientParts } from '../exchange.js';
import { measuredField, typeOf } from '../metric-name.js';
import { createInflux1Client, type Influx1Client } from './client.js';
import { checkDatabase } from './check-database.js';
import { fillInfluxql } from './fill-influxql.js';
import { gridColumns, MEASUREMENT } from './grid-columns.js';
import { listInflux1Series } from './list-series.js';
import { readRaw } from './read-raw.js';

/** Intervals asked for at a time; see the rows in an answer of `read-raw.ts`. */
const INTERVALS_A_QUERY = 9_000;

/** Metrics of an InfluxDB 1.x, measured in fields and told apart by tags. */
export function createInflux1Source(
  config: Influx1Config,
  parts: ClientParts,
): MetricSource & Required<Pick<MetricSource, 'evaluate' | 'listSeries'>> {
  const client = createInflux1Client(config, parts);
  return {
    name: config.name,
    language: 'influxql',
    fetch: (query) => fetchMetric(client, config, query),
    evaluate: (query) => evaluate(client, config, query),
    listSeries: (query) => listInflux1Series(client, config, query),
  };
}

async function fetchMetric(
  client: Influx1Client,
  config: Influx1Config,
  query: SourceQuery,
): Promise<readonly SourceSeries[]> {
  const { measurement, field } = measuredField(query.metric, config.field);
  const gathered = await readRaw(client, {
    source: config.name,
    measurement,
    field,
    tags: query.labels,
    fromMs: query.fromMs,
    toMs: query.toMs,
  });
  return mapByTurns(gathered, (series) => series.toSeries(typeOf(query.metric)));
}

async function evaluate(
  client: Influx1Client,
  config: Influx1Config,
  query: ExpressionQuery,
): Promise<readonly SourceSeries[]> {
  const filled = (piece: ExpressionQuery): string => checkDatabase(fillInfluxql(piece), config);
  const grid = await evaluateInPieces(query, INTERVALS_A_QUERY, async (piece, into) => {
    gridColumns(await client.queryPiece(filledFor(config.name, piece, filled)), into);
  });
  const series = await grid.series([MEASUREMENT]);
  return series.map(({ labels: { [MEASUREMENT]: measurement, ...labels }, ...one }) => ({
    labels: measurement === undefined ? labels : { ...labels, measurement },
    ...one,
  }));
}
