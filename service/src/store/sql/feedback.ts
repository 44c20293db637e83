import { sql, type Kysely } from 'kysely';
import type { Place } from '../../domain/deployment.js';
import type { Feedback } from '../../domain/feedback.js';
import type { JudgedRelease, SettledVerdict } from '../../domain/judged-release.js';
import type { TuningReset } from '../../domain/tuning.js';
import { orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

export async function feedback(db: Db, deploymentId: string): Promise<readonly Feedback[]> {
  return feedbackOn(db, [deploymentId]);
}

/** Oldest first. Entries of the first release have no id of their own: their number stands for it. */
async function feedbackOn(db: Db, deploymentIds: readonly string[]): Promise<readonly Feedback[]> {
  const rows = await db
    .selectFrom('feedback')
    .select(['number', 'document'])
    .where('deployment_id', 'in', deploymentIds)
    .orderBy('number')
    .execute();
  return rows.map((row) => {
    const entry = fromDocument(row) as Omit<Feedback, 'id'> & { readonly id?: string };
    return { ...entry, id: entry.id ?? `feedback-${row.number}` };
  });
}

export async function insertFeedback(db: Db, next: Feedback): Promise<void> {
  await orConflict(`deployment ${next.deploymentId} does not exist`, () =>
    db
      .insertInto('feedback')
      .values({ deployment_id: next.deploymentId, at_ms: next.atMs, document: JSON.stringify(next) })
      .execute(),
  );
}

export async function judgedReleases(
  db: Db,
  { project, service, environment }: Place,
  limit: number,
): Promise<readonly JudgedRelease[]> {
  const releases = await db
    .selectFrom('deployment')
    .select(['id', 'started_at_ms'])
    .where('project', '=', project)
    .where('service', '=', service)
    .where('environment', '=', environment)
    .where(sql<boolean>`document ->> '$.rollbackOf' IS NULL`)
    .orderBy('started_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  if (releases.length === 0) return [];
  const ids = releases.map(({ id }) => id);
  const verdicts = byDeployment(await settledVerdicts(db, ids));
  const said = byDeployment(await feedbackOn(db, ids));
  return releases.map(({ id, started_at_ms }) => ({
    deploymentId: id,
    startedAtMs: started_at_ms,
    verdicts: verdicts.get(id) ?? [],
    feedback: said.get(id) ?? [],
  }));
}

function byDeployment<Row extends { readonly deploymentId: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const list = found.get(row.deploymentId) ?? [];
    list.push(row);
    found.set(row.deploymentId, list);
  }
  return found;
}

/**
 * Newest first within each deployment. SQLite picks what is wanted: whole verdicts of a hundred releases take this process a tenth of a
 * second and more to decode.
 */
async function settledVerdicts(
  db: Db,
  deploymentIds: readonly string[],
): Promise<readonly (SettledVerdict & { readonly deploymentId: string })[]> {
  return db
    .selectFrom('verdict')
    .select([
      'id',
      'deployment_id as deploymentId',
      sql<SettledVerdict['value']>`value`.as('value'),
      sql<SettledVerdict['rule']>`document ->> '$.rule'`.as('rule'),
      sql<number>`document ->> '$.harmProbability'`.as('harmProbability'),
    ])
    .where('deployment_id', 'in', deploymentIds)
    .where('value', 'in', ['continue', 'rollback'])
    .orderBy('sequence', 'desc')
    .execute();
}

export async function tuningReset(
  db: Db,
  { project, service, environment }: Place,
): Promise<TuningReset | undefined> {
  const row = await db
    .selectFrom('tuning_reset')
    .select('document')
    .where('project', '=', project)
    .where('service', '=', service)
    .where('environment', '=', environment)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && (fromDocument(row) as TuningReset);
}

export async function insertTuningReset(db: Db, next: TuningReset): Promise<void> {
  const { project, service, environment } = next;
  await db
    .insertInto('tuning_reset')
    .values({ project, service, environment, document: JSON.stringify(next) })
    .execute();
}

export async function places(
  db: Db,
  filter: { readonly project?: string; readonly service?: string; readonly sinceMs?: number },
): Promise<readonly Place[]> {
  const { project, service, sinceMs } = filter;
  let query = db.selectFrom('deployment').select(['project', 'service', 'environment']).distinct();
  if (project !== undefined) query = query.where('project', '=', project);
  if (service !== undefined) query = query.where('service', '=', service);
  if (sinceMs !== undefined) query = query.where('started_at_ms', '>=', sinceMs);
  return query.orderBy('project').orderBy('service').orderBy('environment').execute();
}
