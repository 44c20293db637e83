import type { Kysely } from 'kysely';
import { Breather } from '../breather.js';
import type { RunTransaction } from '../run-transaction.js';
import type { Tables } from '../tables.js';
import { writeCheckpoint } from './checkpoint.js';
import type { AuditKey } from './signing-key.js';

type Db = Kysely<Tables>;

/** Entries deleted in one transaction: a few milliseconds. */
const rowsAtOnce = 500;

/**
 * Removes the oldest entries up to the newest checkpoint before the instant. That checkpoint is signed once more as
 * `pruned-to`, which is what tells a pruning from a theft, and its own entry stays as the new start of the chain.
 * @returns entries removed
 */
export async function pruneAudit(
  reader: Db,
  transaction: RunTransaction,
  key: AuditKey,
  nowMs: number,
  beforeMs: number,
): Promise<number> {
  const start = await newStart(reader, beforeMs);
  if (start === undefined) return 0;
  await transaction((trx) => writeCheckpoint(trx, 'pruned-to', start, key, nowMs));
  const removed = await deleteEntries(transaction, start.sequence);
  await transaction((trx) =>
    trx.deleteFrom('audit_checkpoint').where('sequence', '<', start.sequence).execute(),
  );
  return removed;
}

async function newStart(
  reader: Db,
  beforeMs: number,
): Promise<{ readonly sequence: number; readonly hash: string } | undefined> {
  const firstYoung = await reader
    .selectFrom('audit')
    .select('sequence')
    .where('at_ms', '>=', beforeMs)
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return await reader
    .selectFrom('audit_checkpoint')
    .select(['sequence', 'hash'])
    .where('kind', '=', 'checkpoint')
    .where('sequence', '<=', firstYoung?.sequence ?? Number.MAX_SAFE_INTEGER)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
}

async function deleteEntries(transaction: RunTransaction, before: number): Promise<number> {
  const breather = new Breather();
  let removed = 0;
  for (;;) {
    const deleted = await transaction(async (trx) => {
      const old = trx.selectFrom('audit').select('sequence').where('sequence', '<', before).limit(rowsAtOnce);
      const result = await trx.deleteFrom('audit').where('sequence', 'in', old).executeTakeFirst();
      return Number(result.numDeletedRows);
    });
    if (deleted === 0) return removed;
    removed += deleted;
    await breather.pause();
  }
}
