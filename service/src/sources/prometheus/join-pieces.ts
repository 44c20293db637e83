import { SourceError } from '../port.js';
import type { DecodedSeries } from './decode.js';

/** More series than this are no metric of one service; each costs memory for every point. */
const MOST_SERIES = 2_000;
const SHOWN = 5;

export interface JoinedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/**
 * The series of consecutive pieces of a range, put together by their labels; those without a point are left out.
 * @throws SourceError `too-many-series`, with some of them
 */
export function joinPieces(
  pieces: readonly (readonly DecodedSeries[])[],
  source: string,
  about: string,
): readonly JoinedSeries[] {
  const byLabels = new Map<string, DecodedSeries[]>();
  for (const piece of pieces)
    for (const series of piece) {
      if (series.timesMs.length === 0) continue;
      const key = JSON.stringify(Object.entries(series.labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      const parts = byLabels.get(key);
      if (parts) parts.push(series);
      else byLabels.set(key, [series]);
    }
  const joined = [...byLabels.values()];
  if (joined.length > MOST_SERIES) throw tooManySeries(joined, source, about);
  return joined.map((parts) => ({
    labels: parts[0]?.labels ?? {},
    timesMs: concatenated(parts.map(({ timesMs }) => timesMs)),
    values: concatenated(parts.map(({ values }) => values)),
  }));
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function tooManySeries(
  joined: readonly (readonly DecodedSeries[])[],
  source: string,
  about: string,
): SourceError {
  const shown = joined.slice(0, SHOWN).map(([series]) => JSON.stringify(series?.labels));
  return new SourceError(
    'too-many-series',
    `source "${source}" gives ${joined.length} series, and at most ${MOST_SERIES} are read: ${shown.join(', ')} and ${joined.length - shown.length} more. Narrow them down by labels or an aggregation. ${about}`,
    false,
  );
}
