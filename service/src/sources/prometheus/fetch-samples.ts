import type { SourceSeries } from '../../domain/sample.js';
import { askInPieces } from '../ask-in-pieces.js';
import { SourceError, type SourceQuery } from '../port.js';
import type { PrometheusClient } from './client.js';
import { decodeMatrix, typeByName } from './decode.js';
import { durationText } from './fill-expression.js';
import { joinPieces } from './join-pieces.js';
import { selectorText } from './selector-text.js';

/** First guess at how much raw data is one answer: six hours of ten series scraped every 15 s are 14,400 points, about 0.4 MB. */
const LONGEST_PIECE_MS = 6 * 3_600_000;

/**
 * Raw samples of several metrics with the same labels in the same range, by one query for each piece of it: an instant query with a
 * range selector gives the samples as they were scraped, so that counters and their resets are judged here.
 * @returns the series of each metric, in the order of `queries`
 * @throws SourceError
 */
export async function fetchSamples(
  client: PrometheusClient,
  source: string,
  queries: readonly SourceQuery[],
): Promise<readonly (readonly SourceSeries[])[]> {
  const [first] = queries;
  if (first === undefined) return [];
  const selector = selectorText(
    queries.map(({ metric }) => metric),
    first.labels,
  );
  const { fromMs, toMs } = { fromMs: Math.ceil(first.fromMs), toMs: Math.ceil(first.toMs) };
  const pieces = await askInPieces({ from: fromMs, to: toMs }, LONGEST_PIECE_MS, async ({ from, to }) => {
    // Where the far end of a range selector is open (from Prometheus 3) a millisecond more keeps the first sample in.
    const query = `${selector}[${durationText(to - from)}]`;
    const time = String((to - 1) / 1000);
    const data = await client.ask('query', { query, time }, `Selector: ${selector}`);
    return decodeMatrix(data, first.takesHistograms).map((series) => within(series, from, to));
  });
  const joined = joinPieces(pieces, source, `Selector: ${selector}`);
  return queries.map(({ metric }) =>
    joined
      .filter((series) => series.labels['__name__'] === metric)
      .map(({ labels: { __name__, ...labels }, timesMs, values }) => ({
        labels,
        type: 'le' in labels ? 'counter' : typeByName(metric),
        timesMs,
        values,
      })),
  );
}

type Decoded = ReturnType<typeof decodeMatrix>[number];

function within(series: Decoded, from: number, to: number): Decoded {
  const { timesMs, values } = series;
  if ((timesMs[0] ?? from) >= from && (timesMs.at(-1) ?? from) < to) return series;
  const kept = [...timesMs.keys()].filter((i) => (timesMs[i] ?? NaN) >= from && (timesMs[i] ?? NaN) < to);
  return {
    ...series,
    timesMs: Float64Array.from(kept, (i) => timesMs[i] ?? NaN),
    values: Float64Array.from(kept, (i) => values[i] ?? NaN),
  };
}

/** The error for a range of samples that does not fit even in its smallest piece. */
export function tooMuch(source: string, about: string): SourceError {
  return new SourceError(
    'too-many-series',
    `source "${source}": even the shortest piece of the answer is too large to read; narrow it down by labels or an aggregation. ${about}`,
    false,
  );
}
