import type { Kysely } from 'kysely';
import type { Place } from '../../domain/deployment.js';
import type { FreshCheck } from '../../domain/fresh-check.js';
import { orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

/** Kept of each place: three weeks of one an hour. Older ones say little of how well it is calibrated now. */
const MOST_KEPT = 500;

export async function freshChecks(
  db: Db,
  { project, service, environment }: Place,
): Promise<readonly FreshCheck[]> {
  const rows = await db
    .selectFrom('fresh_check')
    .select('document')
    .where('project', '=', project)
    .where('service', '=', service)
    .where('environment', '=', environment)
    .orderBy('moment_ms', 'desc')
    .execute();
  return rows.map((row) => fromDocument(row) as FreshCheck);
}

export async function insertFreshCheck(db: Db, next: FreshCheck): Promise<void> {
  const { project, service, environment, momentMs } = next;
  const document = JSON.stringify(next);
  await orConflict(`the moment ${momentMs} of ${service} in ${environment} was judged already`, () =>
    db
      .insertInto('fresh_check')
      .values({ project, service, environment, moment_ms: momentMs, document })
      .execute(),
  );
  const old = db
    .selectFrom('fresh_check')
    .select('number')
    .where('project', '=', project)
    .where('service', '=', service)
    .where('environment', '=', environment)
    .orderBy('moment_ms', 'desc')
    .limit(-1)
    .offset(MOST_KEPT);
  await db.deleteFrom('fresh_check').where('number', 'in', old).execute();
}
