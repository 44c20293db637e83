import type { ExpressionBuilder, Kysely } from 'kysely';
import { IDEMPOTENT_FOR_MS, type Retention } from '../port.js';
import { pruneAudit } from './audit/prune-audit.js';
import type { AuditKey } from './audit/signing-key.js';
import { Breather } from './breather.js';
import type { RunTransaction } from './run-transaction.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

/** Rows deleted in one transaction: a few milliseconds, so that other writers get their turn. */
const rowsAtOnce = 500;
/** Evidence is bigger: some 10 pages each. */
const blobsAtOnce = 100;
/** Watches looked through in one query: a few milliseconds. */
const watchesAtOnce = 2_000;

/** Everything that retention removes but samples; returns rows removed by table. */
export async function pruneRows(
  reader: Db,
  transaction: RunTransaction,
  nowMs: number,
  retention: Retention,
  key: AuditKey,
): Promise<Readonly<Record<string, number>>> {
  const evidenceBefore = nowMs - retention.evidenceMs;
  return {
    tick: await pruneTicks(reader, transaction, nowMs - retention.ticksMs),
    blob: await repeat(transaction, (trx) => deleteBlobs(trx, evidenceBefore)),
    outbox: await repeat(transaction, (trx) => deleteMessages(trx, evidenceBefore)),
    idempotent: await repeat(transaction, (trx) => deleteAnswers(trx, nowMs - IDEMPOTENT_FOR_MS)),
    audit: await pruneAudit(reader, transaction, key, nowMs, nowMs - retention.auditMs),
  };
}

/** Repeats a limited deletion until it finds nothing more. */
async function repeat(
  transaction: RunTransaction,
  deleteSome: (trx: Db) => Promise<bigint>,
): Promise<number> {
  const breather = new Breather();
  let removed = 0;
  for (;;) {
    const deleted = await transaction(deleteSome);
    removed += Number(deleted);
    if (deleted === 0n) return removed;
    await breather.pause();
  }
}

/** Watch by watch, because ticks are clustered by watch and have no index by time, which would double their size. */
async function pruneTicks(reader: Db, transaction: RunTransaction, beforeMs: number): Promise<number> {
  const breather = new Breather();
  const last = await lastWatch(reader);
  let removed = 0;
  for (let from = 0; from <= last; from += watchesAtOnce) {
    for (const number of await watchesWithOldTicks(reader, from, beforeMs)) {
      removed += await repeat(transaction, (trx) => deleteTicks(trx, number, beforeMs));
      await breather.pause();
    }
    await breather.pause();
  }
  return removed;
}

async function lastWatch(reader: Db): Promise<number> {
  const row = await reader
    .selectFrom('watch')
    .select('number')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.number ?? -1;
}

/** Among the watches numbered `from` to `from + watchesAtOnce - 1`. */
async function watchesWithOldTicks(reader: Db, from: number, beforeMs: number): Promise<readonly number[]> {
  const rows = await reader
    .selectFrom('watch')
    .select('number')
    .where('number', '>=', from)
    .where('number', '<', from + watchesAtOnce)
    .where('started_at_ms', '<', beforeMs)
    .where((where) =>
      where.exists(
        where
          .selectFrom('tick')
          .select('look')
          .whereRef('tick.watch_number', '=', 'watch.number')
          .where('tick.at_ms', '<', beforeMs),
      ),
    )
    .orderBy('number')
    .execute();
  return rows.map((row) => row.number);
}

async function deleteTicks(trx: Db, watchNumber: number, beforeMs: number): Promise<bigint> {
  const looks = trx
    .selectFrom('tick')
    .select('look')
    .where('watch_number', '=', watchNumber)
    .where('at_ms', '<', beforeMs)
    .limit(rowsAtOnce);
  const result = await trx
    .deleteFrom('tick')
    .where('watch_number', '=', watchNumber)
    .where('look', 'in', looks)
    .executeTakeFirst();
  return result.numDeletedRows;
}

/** Evidence goes when it was last stored before the instant and no watch that runs, and no later verdict, needs it. */
async function deleteBlobs(trx: Db, beforeMs: number): Promise<bigint> {
  const unused = trx
    .selectFrom('blob')
    .select('hash')
    .where('used_at_ms', '<', beforeMs)
    .where((where) => where.not(where.exists(verdictsUsing(where, beforeMs))))
    .where((where) => where.not(where.exists(watchesUsing(where, beforeMs))))
    .limit(blobsAtOnce);
  const result = await trx.deleteFrom('blob').where('hash', 'in', unused).executeTakeFirst();
  return result.numDeletedRows;
}

type OverBlobs = ExpressionBuilder<Tables, 'blob'>;

function verdictsUsing(blob: OverBlobs, sinceMs: number) {
  return blob
    .selectFrom('verdict')
    .select('verdict.id')
    .whereRef('verdict.evidence_hash', '=', 'blob.hash')
    .where('verdict.decided_at_ms', '>=', sinceMs);
}

function watchesUsing(blob: OverBlobs, sinceMs: number) {
  return blob
    .selectFrom('watch')
    .select('watch.id')
    .whereRef('watch.snapshot_hash', '=', 'blob.hash')
    .where((where) =>
      where.or([where('watch.state', '=', 'watching'), where('watch.ended_at_ms', '>=', sinceMs)]),
    );
}

/** Messages that still wait are never removed. */
async function deleteMessages(trx: Db, beforeMs: number): Promise<bigint> {
  const done = trx
    .selectFrom('outbox')
    .select('number')
    .where('state', 'in', ['delivered', 'dead'])
    .where('created_at_ms', '<', beforeMs)
    .limit(rowsAtOnce);
  const result = await trx.deleteFrom('outbox').where('number', 'in', done).executeTakeFirst();
  return result.numDeletedRows;
}

async function deleteAnswers(trx: Db, beforeMs: number): Promise<bigint> {
  const old = trx
    .selectFrom('idempotent')
    .select(['project', 'key'])
    .where('at_ms', '<', beforeMs)
    .limit(rowsAtOnce);
  const rows = await old.execute();
  for (const { project, key } of rows) {
    await trx.deleteFrom('idempotent').where('project', '=', project).where('key', '=', key).execute();
  }
  return BigInt(rows.length);
}
