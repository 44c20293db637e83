import type { Kysely } from 'kysely';
import type { StoreStatistics } from '../port.js';
import type { Tables } from './tables.js';

/** What any SQL store can count of itself, from indexes alone: it runs on the event loop. */
export async function sqlStatistics(db: Kysely<Tables>): Promise<Omit<StoreStatistics, 'databaseBytes'>> {
  const waiting = await countOf(db, 'waiting');
  const dead = await countOf(db, 'dead');
  const oldest = waiting.first === null ? undefined : await createdAt(db, waiting.first);
  const signed = await db
    .selectFrom('audit_checkpoint')
    .select(['sequence', 'at_ms'])
    .where('kind', '=', 'checkpoint')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  const unsigned = await db
    .selectFrom('audit')
    .select('at_ms')
    .where('sequence', '>', signed?.sequence ?? 0)
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return {
    outboxWaiting: waiting.messages,
    outboxDead: dead.messages,
    ...(oldest === undefined ? {} : { oldestWaitingAtMs: oldest.created_at_ms }),
    ...(signed === undefined ? {} : { lastCheckpointAtMs: signed.at_ms }),
    ...(unsigned === undefined ? {} : { oldestUnsignedAtMs: unsigned.at_ms }),
  };
}

/** How many, and the number of the one that was enqueued first; no index holds the times, and numbers rise with them. */
async function countOf(
  db: Kysely<Tables>,
  state: 'waiting' | 'dead',
): Promise<{ readonly messages: number; readonly first: number | null }> {
  return await db
    .selectFrom('outbox')
    .select((column) => [
      column.fn.countAll<number>().as('messages'),
      column.fn.min<number | null>('number').as('first'),
    ])
    .where('state', '=', state)
    .executeTakeFirstOrThrow();
}

async function createdAt(
  db: Kysely<Tables>,
  number: number,
): Promise<{ readonly created_at_ms: number } | undefined> {
  return await db
    .selectFrom('outbox')
    .select('created_at_ms')
    .where('number', '=', number)
    .executeTakeFirst();
}
