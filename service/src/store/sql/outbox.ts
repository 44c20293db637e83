import type { Kysely } from 'kysely';
import { laneOf } from '../../domain/outbox-lane.js';
import type { NewOutboxMessage, OutboxMessage } from '../../domain/outbox.js';
import { IDEMPOTENT_FOR_MS, UNANSWERED, type IdempotentAnswer } from '../port.js';
import { expectOne, orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

export async function outbox(
  db: Db,
  query: { readonly state?: OutboxMessage['state']; readonly limit: number },
): Promise<readonly OutboxMessage[]> {
  let selection = db.selectFrom('outbox').select('document').limit(query.limit);
  if (query.state !== undefined) selection = selection.where('state', '=', query.state);
  const rows =
    query.state === 'waiting'
      ? await selection.orderBy('next_attempt_at_ms').orderBy('number').execute()
      : await selection.orderBy('number', 'desc').execute();
  return rows.map((row) => fromDocument(row) as OutboxMessage);
}

/** The oldest waiting message of each lane, where it is due: a later message never overtakes one that waits for a retry. */
export async function dueOutbox(db: Db, nowMs: number, limit: number): Promise<readonly OutboxMessage[]> {
  const rows = await db
    .selectFrom('outbox as head')
    .select('head.document')
    .where('head.state', '=', 'waiting')
    .where('head.next_attempt_at_ms', '<=', nowMs)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('outbox as earlier')
            .select('earlier.id')
            .whereRef('earlier.lane', '=', 'head.lane')
            .where('earlier.state', '=', 'waiting')
            .whereRef('earlier.number', '<', 'head.number'),
        ),
      ),
    )
    .orderBy('head.number')
    .limit(limit)
    .execute();
  return rows.map((row) => fromDocument(row) as OutboxMessage);
}

export async function outboxMessage(db: Db, id: string): Promise<OutboxMessage | undefined> {
  const row = await db.selectFrom('outbox').select('document').where('id', '=', id).executeTakeFirst();
  return row && (fromDocument(row) as OutboxMessage);
}

/** The first attempt is due at once. */
export async function enqueue(db: Db, message: NewOutboxMessage): Promise<void> {
  const waiting: OutboxMessage = {
    ...message,
    state: 'waiting',
    attempts: 0,
    nextAttemptAtMs: message.createdAtMs,
  };
  await orConflict(`message ${message.id} exists already`, () =>
    db
      .insertInto('outbox')
      .values({
        id: message.id,
        lane: laneOf(message),
        created_at_ms: message.createdAtMs,
        ...columns(waiting),
      })
      .execute(),
  );
}

export async function updateOutbox(db: Db, message: OutboxMessage): Promise<void> {
  const result = await db
    .updateTable('outbox')
    .set(columns(message))
    .where('id', '=', message.id)
    .executeTakeFirst();
  expectOne(result.numUpdatedRows, `message ${message.id} does not exist`);
}

function columns(message: OutboxMessage) {
  return {
    state: message.state,
    next_attempt_at_ms: message.nextAttemptAtMs,
    document: JSON.stringify(message),
  };
}

export async function idempotent(
  db: Db,
  project: string,
  key: string,
): Promise<IdempotentAnswer | undefined> {
  const row = await db
    .selectFrom('idempotent')
    .selectAll()
    .where('project', '=', project)
    .where('key', '=', key)
    .executeTakeFirst();
  return (
    row && {
      project,
      key,
      requestHash: row.request_hash,
      status: row.status,
      body: row.body,
      atMs: row.at_ms,
    }
  );
}

export async function saveIdempotent(db: Db, answer: IdempotentAnswer): Promise<void> {
  await db
    .deleteFrom('idempotent')
    .where('project', '=', answer.project)
    .where('key', '=', answer.key)
    .where((where) =>
      where.or([
        where('at_ms', '<=', answer.atMs - IDEMPOTENT_FOR_MS),
        where.and([where('status', '=', UNANSWERED), where('request_hash', '=', answer.requestHash)]),
      ]),
    )
    .execute();
  await orConflict(`idempotency key ${answer.key} was answered already in project ${answer.project}`, () =>
    db
      .insertInto('idempotent')
      .values({
        project: answer.project,
        key: answer.key,
        request_hash: answer.requestHash,
        status: answer.status,
        body: answer.body,
        at_ms: answer.atMs,
      })
      .execute(),
  );
}
