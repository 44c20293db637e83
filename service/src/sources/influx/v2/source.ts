import type { SourceSeries } from '../../../domain/sample.js';
import type { ExpressionQuery, MetricSource, SourceQuery } from '../../port.js';
import type { Influx2Config } from '../config.js';
import type { ClientParts } from '../exchange.js';
import { filledFor } from '../expression-error.js';
import { GatheredSeries, labelKey } from '../gather-points.js';
import { measuredField, typeOf } from '../metric-name.js';
import { evaluateInPieces } from '../evaluate-in-pieces.js';
import { mapByTurns } from '../by-turns.js';
import { inInfluxPieces } from '../in-influx-pieces.js';
import { MOST_SERIES, tooManySeries } from '../too-many-series.js';
import { checkBucket } from './check-bucket.js';
import { createInflux2Client, type Influx2Client } from './client.js';
import type { FluxRow } from './decode.js';
import { fillFlux } from './fill-flux.js';
import { listInflux2Series } from './list-series.js';
import { fromBucket } from './from-bucket.js';
import { quoteFlux } from './quote.js';

/** A day of raw points at a time, and of intervals about what fits into an answer for one series. */
const SLICE_MS = 86_400_000;
const INTERVALS_A_QUERY = 4_000;

/** Metrics of an InfluxDB 2.x bucket. */
export function createInflux2Source(
  config: Influx2Config,
  parts: ClientParts,
): MetricSource & Required<Pick<MetricSource, 'evaluate' | 'listSeries'>> {
  const client = createInflux2Client(config, parts);
  return {
    name: config.name,
    language: 'flux',
    fetch: (query) => fetchMetric(client, config, query),
    evaluate: (query) => evaluate(client, config, query),
    listSeries: (query) => listInflux2Series(client, config, query),
  };
}

async function fetchMetric(
  client: Influx2Client,
  config: Influx2Config,
  query: SourceQuery,
): Promise<readonly SourceSeries[]> {
  const gathered = new Map<string, GatheredSeries>();
  const known = new WeakMap<FluxRow['group'], GatheredSeries>();
  const lookUp = (group: FluxRow['group']): GatheredSeries => {
    const { _measurement, _field, ...labels } = group;
    const key = labelKey(labels);
    const series = gathered.get(key) ?? new GatheredSeries(labels);
    gathered.set(key, series);
    known.set(group, series);
    if (gathered.size > MOST_SERIES)
      throw tooManySeries(
        { source: config.name, ...query },
        MOST_SERIES,
        [...gathered.values()].map((one) => one.labels),
      );
    return series;
  };
  await inInfluxPieces({ from: query.fromMs, to: query.toMs }, SLICE_MS, async ({ from, to }) => {
    const flux = rawFlux(config, { ...query, fromMs: from, toMs: to });
    for (const { group, timeMs, value } of await client.queryPiece(flux))
      (known.get(group) ?? lookUp(group)).add(timeMs, value);
  });
  return mapByTurns(gathered.values(), (series) => series.toSeries(typeOf(query.metric)));
}

function rawFlux(config: Influx2Config, query: SourceQuery): string {
  const { measurement, field } = measuredField(query.metric, config.field);
  return fromBucket(config.bucket, query, query.labels, [
    `r._measurement == ${quoteFlux(measurement)}`,
    `r._field == ${quoteFlux(field)}`,
  ]);
}

async function evaluate(
  client: Influx2Client,
  config: Influx2Config,
  query: ExpressionQuery,
): Promise<readonly SourceSeries[]> {
  const filled = (piece: ExpressionQuery): string => checkBucket(fillFlux(piece), config.bucket);
  const grid = await evaluateInPieces(query, INTERVALS_A_QUERY, async (piece, into) => {
    for (const { group, timeMs, value } of await client.queryPiece(filledFor(config.name, piece, filled)))
      into.add(group, timeMs, value);
  });
  return grid.series(['_measurement', '_field']);
}
