import type { SourceSeries } from '../../domain/sample.js';
import { askInPieces } from '../ask-in-pieces.js';
import type { PrometheusClient } from './client.js';
import { decodeMatrix, type DecodedSeries } from './decode.js';
import { joinPieces } from './join-pieces.js';

/** The most points of a series that Prometheus gives in one answer. */
const MOST_POINTS = 11_000;
/** Tells the expressions of one query apart. */
const PART_LABEL = 'bellwether_part';

/** Intervals to evaluate over, the first beginning at `fromMs`. */
export interface EvaluationGrid {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
  readonly takesHistograms?: true;
}

/**
 * What each expression gives over a grid, all asked in one query for each piece of it. An interval's value is the expression's at the
 * end of the interval.
 * @returns the series of each expression, in order
 * @throws SourceError
 */
export async function evaluateExpressions(
  client: PrometheusClient,
  source: string,
  expressions: readonly string[],
  grid: EvaluationGrid,
): Promise<readonly (readonly SourceSeries[])[]> {
  const query = expressions.length === 1 ? (expressions[0] ?? '') : together(expressions);
  const about = `Query: ${query.replace(/\s+/g, ' ').slice(0, 500)}`;
  const { fromMs, stepMs, count } = grid;
  const pieces = await askInPieces({ from: 0, to: count }, MOST_POINTS, async ({ from, to }) => {
    const data = await client.ask(
      'query_range',
      {
        query,
        start: String((fromMs + (from + 1) * stepMs) / 1000),
        end: String((fromMs + to * stepMs) / 1000),
        step: String(stepMs / 1000),
      },
      about,
    );
    return decodeMatrix(data, grid.takesHistograms).map((series) => onGrid(series, grid, from, to));
  });
  const joined = joinPieces(pieces, source, about);
  return expressions.map((_, i) =>
    joined
      .filter(({ labels }) => expressions.length === 1 || labels[PART_LABEL] === String(i))
      .map(({ labels: { __name__, [PART_LABEL]: part, ...labels }, timesMs, values }) => ({
        labels,
        type: 'gauge' as const,
        timesMs,
        values,
      })),
  );
}

/** Several expressions as one; a new line ends a comment in any of them. */
function together(expressions: readonly string[]): string {
  return expressions
    .map((expression, i) => `label_replace((${expression}\n), "${PART_LABEL}", "${i}", "", "")`)
    .join(' or ');
}

/** Points at the starts of their intervals; one that a server moved to a grid of its own belongs to the interval that it is mostly of. */
function onGrid(series: DecodedSeries, grid: EvaluationGrid, from: number, to: number): DecodedSeries {
  const timesMs = new Float64Array(series.timesMs.length);
  const values = new Float64Array(series.timesMs.length);
  let count = 0;
  let last = from - 1;
  for (const [i, timeMs] of series.timesMs.entries()) {
    const k = Math.round((timeMs - grid.fromMs) / grid.stepMs) - 1;
    if (k <= last || k >= to) continue;
    last = k;
    timesMs[count] = grid.fromMs + k * grid.stepMs;
    values[count] = series.values[i] ?? NaN;
    count += 1;
  }
  return {
    labels: series.labels,
    timesMs: timesMs.subarray(0, count),
    values: values.subarray(0, count),
  };
}
