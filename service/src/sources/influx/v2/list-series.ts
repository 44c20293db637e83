import type { ListedSeries, SeriesQuery } from '../../port.js';
import { SourceError } from '../../port.js';
import type { Influx2Config } from '../config.js';
import { metricNameOf, typeOf } from '../metric-name.js';
import type { Influx2Client } from './client.js';
import { fromBucket } from './from-bucket.js';

const MOST_SERIES = 10_000;

/** Series with numbers in the range that carry these tags, by their last points. @throws SourceError */
export async function listInflux2Series(
  client: Influx2Client,
  config: Influx2Config,
  query: SeriesQuery,
): Promise<readonly ListedSeries[]> {
  const rows = await client.queryNumbers(`${fromBucket(config.bucket, query, query.matchers, [])} |> last()`);
  if (rows.length > MOST_SERIES)
    throw new SourceError(
      'too-many-series',
      `source "${config.name}": more than ${MOST_SERIES} series match ${JSON.stringify(query.matchers)}; give more labels`,
      false,
    );
  return rows.flatMap(({ group: { _measurement = '', _field = '', ...labels } }) => {
    const metric = metricNameOf({ measurement: _measurement, field: _field }, config.field);
    return metric === undefined ? [] : [{ metric, labels, type: typeOf(metric) }];
  });
}
