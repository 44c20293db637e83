import type { Kysely } from 'kysely';
import type { Check } from '../../domain/check.js';
import { expectRevision, orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

/** Stands for "the whole release" where a step's index stands otherwise: NULL would not be unique. */
const NO_STEP = -1;

export async function checks(db: Db, deploymentId: string): Promise<readonly Check[]> {
  const rows = await db
    .selectFrom('deployment_check')
    .select('document')
    .where('deployment_id', '=', deploymentId)
    .orderBy('number')
    .execute();
  return rows.map((row) => fromDocument(row) as Check);
}

export async function putCheck(db: Db, next: Check): Promise<void> {
  const key = { deployment_id: next.deploymentId, name: next.name, step_index: next.stepIndex ?? NO_STEP };
  const columns = { revision: next.revision, document: JSON.stringify(next) };
  if (next.revision === 1) {
    await orConflict(`check ${next.name} of deployment ${next.deploymentId} exists already`, () =>
      db
        .insertInto('deployment_check')
        .values({ ...key, ...columns })
        .execute(),
    );
    return;
  }
  const result = await db
    .updateTable('deployment_check')
    .set(columns)
    .where('deployment_id', '=', key.deployment_id)
    .where('name', '=', key.name)
    .where('step_index', '=', key.step_index)
    .where('revision', '=', next.revision - 1)
    .executeTakeFirst();
  expectRevision(
    result.numUpdatedRows,
    `check ${next.name} of deployment ${next.deploymentId}`,
    next.revision,
  );
}
