import type { Influx1Config } from '../config.js';
import { metricNameOf, typeOf } from '../metric-name.js';
import { SourceError, type ListedSeries, type SeriesQuery } from '../../port.js';
import type { Influx1Client } from './client.js';
import type { Influx1Series } from './decode.js';
import { quoteIdentifier } from './quote.js';
import { tagConditions, where } from './where.js';

const MOST_SERIES = 10_000;
const MOST_MEASUREMENTS = 500;
const NUMERIC = ['float', 'integer', 'boolean'];
/** Statements sent in one request. */
const TOGETHER = 50;

/** Series with numbers in the range, of every measurement that has series with these tags. @throws SourceError */
export async function listInflux1Series(
  client: Influx1Client,
  config: Influx1Config,
  query: SeriesQuery,
): Promise<readonly ListedSeries[]> {
  const conditions = tagConditions(query.matchers);
  const [named = []] = await client.query(
    `SHOW MEASUREMENTS${conditions === undefined ? '' : ` WHERE ${conditions}`} LIMIT ${MOST_MEASUREMENTS + 1}`,
  );
  const measurements = texts(named[0], 0);
  // Of a database that is not there, the list of measurements is empty; only a SELECT says so.
  if (measurements.length === 0) await client.query('SELECT "none" FROM "none" LIMIT 1');
  if (measurements.length > MOST_MEASUREMENTS) throw tooMany('measurements', MOST_MEASUREMENTS, query);
  const range = where({ ...query, tags: query.matchers });
  const listed: ListedSeries[] = [];
  const fields = await numericFields(client, measurements);
  for (let at = 0; at < fields.length; at += TOGETHER) {
    const some = fields.slice(at, at + TOGETHER);
    const answers = await client.query(
      some
        .map(
          ({ measurement, field }) =>
            `SELECT last(${quoteIdentifier(field)}) FROM ${quoteIdentifier(measurement)} ${range} GROUP BY * SLIMIT ${MOST_SERIES + 1}`,
        )
        .join('; '),
    );
    answers.forEach((series, index) => {
      const metric = metricNameOf(some[index] ?? { measurement: '', field: '' }, config.field);
      if (metric !== undefined)
        listed.push(...series.map(({ tags }) => ({ metric, labels: tags, type: typeOf(metric) })));
    });
    if (listed.length > MOST_SERIES) throw tooMany('series', MOST_SERIES, query);
  }
  return listed;
}

async function numericFields(client: Influx1Client, measurements: readonly string[]) {
  if (measurements.length === 0) return [];
  const [keys = []] = await client.query(
    `SHOW FIELD KEYS FROM ${measurements.map(quoteIdentifier).join(', ')}`,
  );
  return keys.flatMap(({ name, values }) =>
    values.flatMap(([field, type]) =>
      typeof field === 'string' && NUMERIC.includes(String(type)) ? [{ measurement: name, field }] : [],
    ),
  );
}

function texts(series: Influx1Series | undefined, column: number): readonly string[] {
  return (series?.values ?? []).flatMap((row) => {
    const text = row[column];
    return typeof text === 'string' ? [text] : [];
  });
}

function tooMany(what: string, most: number, { matchers }: SeriesQuery): SourceError {
  return new SourceError(
    'too-many-series',
    `more than ${most} ${what} match ${JSON.stringify(matchers)}; give more labels`,
    false,
  );
}
