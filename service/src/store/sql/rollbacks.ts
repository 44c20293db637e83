import type { Kysely } from 'kysely';
import type { Controls, Rollback } from '../../domain/rollback.js';
import { expectRevision, orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

export async function rollbacks(db: Db, deploymentId: string): Promise<readonly Rollback[]> {
  const rows = await db
    .selectFrom('rollback')
    .select('document')
    .where('deployment_id', '=', deploymentId)
    .orderBy('number', 'desc')
    .execute();
  return rows.map((row) => fromDocument(row) as Rollback);
}

export async function rollbacksIn(
  db: Db,
  states: readonly Rollback['state'][],
): Promise<readonly Rollback[]> {
  if (states.length === 0) return [];
  const rows = await db
    .selectFrom('rollback')
    .select('document')
    .where('state', 'in', states)
    .orderBy('number')
    .execute();
  return rows.map((row) => fromDocument(row) as Rollback);
}

export async function automaticRollbacksSince(db: Db, project: string, sinceMs: number): Promise<number> {
  const row = await db
    .selectFrom('rollback')
    .innerJoin('deployment', 'deployment.id', 'rollback.deployment_id')
    .select((column) => column.fn.countAll<number>().as('count'))
    .where('rollback.automatic', '=', 1)
    .where('rollback.requested_at_ms', '>=', sinceMs)
    .where('rollback.state', '!=', 'refused')
    .where('deployment.project', '=', project)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function insertRollback(db: Db, next: Rollback): Promise<void> {
  await orConflict(
    `rollback ${next.id} exists already, or deployment ${next.deploymentId} is being rolled back already`,
    () =>
      db
        .insertInto('rollback')
        .values({ id: next.id, ...columns(next) })
        .execute(),
  );
}

export async function updateRollback(db: Db, next: Rollback): Promise<void> {
  const result = await db
    .updateTable('rollback')
    .set(columns(next))
    .where('id', '=', next.id)
    .where('revision', '=', next.revision - 1)
    .executeTakeFirst();
  expectRevision(result.numUpdatedRows, `rollback ${next.id}`, next.revision);
}

function columns(next: Rollback) {
  return {
    deployment_id: next.deploymentId,
    state: next.state,
    automatic: next.automatic ? 1 : 0,
    requested_at_ms: next.requestedAtMs,
    revision: next.revision,
    document: JSON.stringify(next),
  };
}

export async function controls(db: Db, project: string): Promise<Controls> {
  const row = await db
    .selectFrom('control')
    .select('document')
    .where('project', '=', project)
    .executeTakeFirst();
  return row === undefined ? { killSwitch: false } : (fromDocument(row) as Controls);
}

export async function setControls(db: Db, project: string, next: Controls): Promise<void> {
  const document = JSON.stringify(next);
  await db
    .insertInto('control')
    .values({ project, document })
    .onConflict((conflict) => conflict.column('project').doUpdateSet({ document }))
    .execute();
}
