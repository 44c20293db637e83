import type { Kysely } from 'kysely';
import type { Tables } from '../tables.js';
import { decodeChunk, encodeChunk } from './chunk-codec.js';
import { mergePoints, slicePoints, toPoints, type PointMap, type Points } from './points.js';

type Db = Kysely<Tables>;

/** Compression hardly improves beyond; a chunk is rewritten whole when points join it. */
export const maxChunkPoints = 1024;
/** No chunk crosses midnight UTC: retention has that granularity, and a read knows where the first chunk can begin. */
const spanMs = 86_400_000;

interface Chunk {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly point_count: number;
  readonly points: Uint8Array;
}

const spanStart = (timeMs: number): number => Math.floor(timeMs / spanMs) * spanMs;

/** Stored points of a series in `[fromMs, toMs)`. */
export async function readChunks(db: Db, seriesId: number, fromMs: number, toMs: number): Promise<Points> {
  const rows = await db
    .selectFrom('sample_chunk')
    .select('points')
    .where('series_id', '=', seriesId)
    .where('from_ms', '>=', spanStart(fromMs))
    .where('from_ms', '<', toMs)
    .where('to_ms', '>=', fromMs)
    .orderBy('from_ms')
    .execute();
  return concatenate(rows.map((row) => slicePoints(decodeChunk(row.points), fromMs, toMs)));
}

function concatenate(parts: readonly Points[]): Points {
  const size = parts.reduce((sum, part) => sum + part.timesMs.length, 0);
  const timesMs = new Float64Array(size);
  const values = new Float64Array(size);
  let at = 0;
  for (const part of parts) {
    timesMs.set(part.timesMs, at);
    values.set(part.values, at);
    at += part.timesMs.length;
  }
  return { timesMs, values };
}

/** Merges points into the chunks where they belong by time; theirs replace stored ones. Doing it twice is harmless. */
export async function foldIntoChunks(db: Db, seriesId: number, added: PointMap): Promise<void> {
  let rest = toPoints(added);
  for (;;) {
    const first = rest.timesMs[0];
    if (first === undefined) return;
    const nextSpan = spanStart(first) + spanMs;
    await foldSpan(db, seriesId, slicePoints(rest, first, nextSpan));
    rest = slicePoints(rest, nextSpan, Infinity);
  }
}

async function foldSpan(db: Db, seriesId: number, added: Points): Promise<void> {
  const first = added.timesMs[0] ?? 0;
  const chunks = await chunksFrom(db, seriesId, first, added.timesMs.at(-1) ?? first);
  await write(db, seriesId, slicePoints(added, first, chunks[0]?.from_ms ?? Infinity));
  for (const [index, chunk] of chunks.entries()) {
    const joining = slicePoints(added, chunk.from_ms, chunks[index + 1]?.from_ms ?? Infinity);
    await join(db, seriesId, chunk, joining);
  }
}

/** Chunks of one span, from the one that covers `firstMs` to the last that begins by `lastMs`. */
async function chunksFrom(
  db: Db,
  seriesId: number,
  firstMs: number,
  lastMs: number,
): Promise<readonly Chunk[]> {
  const covering = db
    .selectFrom('sample_chunk as earlier')
    .select((column) => column.fn.max('earlier.from_ms').as('from_ms'))
    .where('earlier.series_id', '=', seriesId)
    .where('earlier.from_ms', '<=', firstMs)
    .where('earlier.from_ms', '>=', spanStart(firstMs));
  return await db
    .selectFrom('sample_chunk')
    .select(['from_ms', 'to_ms', 'point_count', 'points'])
    .where('series_id', '=', seriesId)
    .where('from_ms', '<=', lastMs)
    .where((where) => where('from_ms', '>=', where.fn.coalesce(covering, where.val(firstMs))))
    .orderBy('from_ms')
    .execute();
}

async function join(db: Db, seriesId: number, chunk: Chunk, joining: Points): Promise<void> {
  const first = joining.timesMs[0];
  if (first === undefined) return;
  // The usual case of a growing series.
  const isFull = chunk.point_count >= maxChunkPoints;
  const staysAsItIs = isFull && first > chunk.to_ms;
  await write(db, seriesId, staysAsItIs ? joining : mergePoints(decodeChunk(chunk.points), joining));
}

/** Cuts points into chunks of about equal size; one that begins where a stored chunk begins replaces it. */
async function write(db: Db, seriesId: number, points: Points): Promise<void> {
  const count = points.timesMs.length;
  const pieces = Math.ceil(count / maxChunkPoints);
  for (let piece = 0; piece < pieces; piece += 1) {
    const from = Math.floor((piece * count) / pieces);
    const to = Math.floor(((piece + 1) * count) / pieces);
    await writeChunk(db, seriesId, {
      timesMs: points.timesMs.subarray(from, to),
      values: points.values.subarray(from, to),
    });
  }
}

async function writeChunk(db: Db, seriesId: number, piece: Points): Promise<void> {
  const changed = {
    to_ms: piece.timesMs.at(-1) ?? 0,
    point_count: piece.timesMs.length,
    points: encodeChunk(piece),
  };
  await db
    .insertInto('sample_chunk')
    .values({ series_id: seriesId, from_ms: piece.timesMs[0] ?? 0, ...changed })
    .onConflict((conflict) => conflict.columns(['series_id', 'from_ms']).doUpdateSet(changed))
    .execute();
}
