import type { Kysely } from 'kysely';
import { Breather } from '../breather.js';
import type { RunTransaction } from '../run-transaction.js';
import type { Tables } from '../tables.js';

type Db = Kysely<Tables>;

/** Rows deleted in one transaction: a few milliseconds, so that other writers get their turn. */
const rowsAtOnce = 200;

/** @returns chunks removed whose last point is before the instant */
export async function removeOldChunks(
  reader: Db,
  transaction: RunTransaction,
  beforeMs: number,
): Promise<number> {
  let removed = 0;
  const breather = new Breather();
  for (const seriesId of await seriesIds(reader)) {
    let deleted = rowsAtOnce;
    while (deleted === rowsAtOnce) {
      const old = await oldChunks(reader, seriesId, beforeMs);
      if (old.length > 0) await transaction((trx) => deleteChunks(trx, seriesId, old, beforeMs));
      deleted = old.length;
      removed += deleted;
      await breather.pause();
    }
  }
  return removed;
}

async function oldChunks(reader: Db, seriesId: number, beforeMs: number): Promise<readonly number[]> {
  const rows = await reader
    .selectFrom('sample_chunk')
    .select('from_ms')
    .where('series_id', '=', seriesId)
    .where('from_ms', '<', beforeMs)
    .where('to_ms', '<', beforeMs)
    .orderBy('from_ms')
    .limit(rowsAtOnce)
    .execute();
  return rows.map((row) => row.from_ms);
}

async function deleteChunks(
  trx: Db,
  seriesId: number,
  fromMs: readonly number[],
  beforeMs: number,
): Promise<void> {
  await trx
    .deleteFrom('sample_chunk')
    .where('series_id', '=', seriesId)
    .where('from_ms', 'in', fromMs)
    // A late point may have joined since these were looked up.
    .where('to_ms', '<', beforeMs)
    .execute();
}

async function seriesIds(reader: Db): Promise<readonly number[]> {
  return (await reader.selectFrom('series').select('id').orderBy('id').execute()).map((row) => row.id);
}

/** @returns series removed that have neither chunks nor points in memory */
export async function removeEmptySeries(
  reader: Db,
  transaction: RunTransaction,
  isInMemory: (seriesId: number) => boolean,
): Promise<number> {
  const rows = await reader
    .selectFrom('series')
    .select('id')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('sample_chunk')
            .select('series_id')
            .whereRef('sample_chunk.series_id', '=', 'series.id'),
        ),
      ),
    )
    .execute();
  const empty = rows.map((row) => row.id).filter((id) => !isInMemory(id));
  const breather = new Breather();
  for (let from = 0; from < empty.length; from += rowsAtOnce) {
    const ids = empty.slice(from, from + rowsAtOnce);
    await transaction((trx) => trx.deleteFrom('series').where('id', 'in', ids).execute());
    await breather.pause();
  }
  return empty.length;
}
