import type { Kysely } from 'kysely';
import type { Hold } from '../../domain/hold.js';
import { orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

export async function hold(db: Db, deploymentId: string): Promise<Hold | undefined> {
  const row = await db
    .selectFrom('hold')
    .select('document')
    .where('deployment_id', '=', deploymentId)
    .executeTakeFirst();
  return row && (fromDocument(row) as Hold);
}

export async function lapsedHolds(db: Db, nowMs: number): Promise<readonly Hold[]> {
  const rows = await db
    .selectFrom('hold')
    .select('document')
    .where('until_ms', '<=', nowMs)
    .orderBy('until_ms')
    .execute();
  return rows.map((row) => fromDocument(row) as Hold);
}

export async function setHold(db: Db, next: Hold): Promise<void> {
  const columns = { until_ms: next.untilMs ?? null, document: JSON.stringify(next) };
  await orConflict(`deployment ${next.deploymentId} does not exist`, () =>
    db
      .insertInto('hold')
      .values({ deployment_id: next.deploymentId, ...columns })
      .onConflict((conflict) => conflict.column('deployment_id').doUpdateSet(columns))
      .execute(),
  );
}

/** Lifting what is not held is no error. */
export async function clearHold(db: Db, deploymentId: string): Promise<void> {
  await db.deleteFrom('hold').where('deployment_id', '=', deploymentId).execute();
}
