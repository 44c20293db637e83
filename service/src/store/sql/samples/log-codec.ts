import type { PointMap } from './points.js';

/** Points of several series as they arrived, by id of the series. */
export type PointsBySeries = Map<number, PointMap>;

const headerDoubles = 2;

/**
 * One entry of the sample log: for each series its id, the number of points, the times, the values, all as doubles.
 * Uncompressed, since it lives for minutes and has to be written at once.
 */
export function encodeLogEntry(points: PointsBySeries): Uint8Array {
  let size = 0;
  for (const series of points.values()) size += headerDoubles + 2 * series.size;
  const words = new Float64Array(size);
  let at = 0;
  for (const [id, series] of points) {
    words[at] = id;
    words[at + 1] = series.size;
    at += headerDoubles;
    words.set(Array.from(series.keys()), at);
    words.set(Array.from(series.values()), at + series.size);
    at += 2 * series.size;
  }
  return new Uint8Array(words.buffer);
}

/** Adds the points of an entry to `into`; later ones replace earlier ones. */
export function decodeLogEntry(entry: Uint8Array, into: PointsBySeries): void {
  // Copied, because the bytes of a database row need not lie on a multiple of eight.
  const words = new Float64Array(entry.slice().buffer);
  let at = 0;
  while (at < words.length) {
    const id = words[at] ?? 0;
    const count = words[at + 1] ?? 0;
    at += headerDoubles;
    const series = pointsOf(into, id);
    for (let index = at; index < at + count; index += 1)
      series.set(words[index] ?? 0, words[index + count] ?? 0);
    at += 2 * count;
  }
}

/** The points of a series, made when it has none yet. */
export function pointsOf(all: PointsBySeries, seriesId: number): PointMap {
  const known = all.get(seriesId);
  if (known !== undefined) return known;
  const made: PointMap = new Map();
  all.set(seriesId, made);
  return made;
}
