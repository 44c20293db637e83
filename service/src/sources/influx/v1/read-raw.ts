import { AnswerTooLarge } from '../../ask-in-pieces.js';
import { SourceError } from '../../port.js';
import { GatheredSeries, labelKey } from '../gather-points.js';
import { MOST_SERIES, tooManySeries } from '../too-many-series.js';
import type { Influx1Client } from './client.js';
import type { Influx1Series } from './decode.js';
import { quoteIdentifier } from './quote.js';
import { where, type Where } from './where.js';

export interface RawQuery extends Where {
  /** Name of the source, for errors. */
  readonly source: string;
  /** Reading ends once there are so many series, instead of failing where there are too many. */
  readonly enough?: number;
  readonly measurement: string;
  readonly field: string;
}

/**
 * Of each series in an answer. From 10,000 rows of a series on the server marks its answer as partial though it is whole, and then
 * nobody could tell it from one that was cut at its own limit.
 */
const MOST_ROWS = 9_000;
/** Fewer are not asked for: of 1,000 series they fit into any answer, and of very many the round trips would not end. */
const LEAST_ROWS = 16;

/**
 * Raw points of a field by tag set, one a millisecond, however many there are: pages through the longest series.
 * @throws SourceError
 */
export async function readRaw(
  client: Influx1Client,
  query: RawQuery,
  mostSeries = MOST_SERIES,
): Promise<readonly GatheredSeries[]> {
  const gathered = new Map<string, GatheredSeries>();
  let { fromMs } = query;
  let rows = MOST_ROWS;
  for (;;) {
    const page = await readPage(client, query, { fromMs, rows, mostSeries });
    if (page === undefined) {
      rows = Math.max(LEAST_ROWS, Math.floor(rows / 4));
      continue;
    }
    if (page.length > mostSeries)
      throw tooManySeries(
        { ...query, metric: query.measurement, labels: query.tags },
        mostSeries,
        page.map(({ tags }) => tags),
      );
    for (const series of page) gather(gathered, series, query);
    const cut = page.filter(({ values }) => values.length >= rows).map(lastTimeMs);
    const isEnough = page.length >= (query.enough ?? Infinity);
    if (isEnough || cut.length === 0) return [...gathered.values()].filter((series) => !series.isEmpty);
    fromMs = cut.reduce((least, ms) => Math.min(least, ms)) + 1;
  }
}

interface Page {
  readonly fromMs: number;
  readonly rows: number;
  readonly mostSeries: number;
}

/** Undefined when the page is too large and fewer rows can be asked for. */
async function readPage(
  client: Influx1Client,
  query: RawQuery,
  page: Page,
): Promise<readonly Influx1Series[] | undefined> {
  const influxql = pageQuery(query, page);
  if (page.rows > LEAST_ROWS)
    try {
      return await client.queryPiece(influxql);
    } catch (error) {
      if (error instanceof AnswerTooLarge) return undefined;
      throw error;
    }
  const [series = []] = await client.query(influxql);
  return series;
}

function pageQuery(query: RawQuery, { fromMs, rows, mostSeries }: Page): string {
  const { measurement, field, enough } = query;
  return `SELECT ${quoteIdentifier(field)} FROM ${quoteIdentifier(measurement)} ${where({ ...query, fromMs })} GROUP BY * LIMIT ${rows} SLIMIT ${enough ?? mostSeries + 1}`;
}

function gather(into: Map<string, GatheredSeries>, { tags, values }: Influx1Series, query: RawQuery): void {
  const key = labelKey(tags);
  const series = into.get(key) ?? new GatheredSeries(tags);
  into.set(key, series);
  for (const [timeMs, value] of values) {
    if (typeof timeMs !== 'number') continue;
    const measured = typeof value === 'boolean' ? Number(value) : value;
    if (typeof measured === 'number') series.add(timeMs, measured);
    else if (typeof measured === 'string') throw notANumber(query);
  }
}

const lastTimeMs = ({ values }: Influx1Series): number => Number(values.at(-1)?.[0]);

function notANumber({ source, measurement, field }: RawQuery): SourceError {
  return new SourceError(
    'bad-query',
    `source "${source}": the field "${field}" of "${measurement}" holds texts; name a field of numbers as "${measurement}.FIELD"`,
    false,
  );
}
