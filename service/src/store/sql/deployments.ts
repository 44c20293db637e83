import { sql, type Kysely, type SelectQueryBuilder } from 'kysely';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { DeploymentQuery, Page } from '../port.js';
import { expectOne, expectRevision, orConflict } from './conflict.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

export async function deployment(db: Db, id: string): Promise<Deployment | undefined> {
  const row = await db.selectFrom('deployment').select('document').where('id', '=', id).executeTakeFirst();
  return row && (fromDocument(row) as Deployment);
}

export async function deployments(db: Db, query: DeploymentQuery): Promise<Page<Deployment>> {
  const limit = Math.min(500, Math.max(1, query.limit));
  const rows = await filtered(db, query)
    .orderBy('started_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map((row) => fromDocument(row) as Deployment);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, nextCursor: encodeCursor(last) } : { items };
}

type Selection = SelectQueryBuilder<Tables, 'deployment', { document: string }>;

function filtered(db: Db, query: DeploymentQuery): Selection {
  let selection: Selection = db
    .selectFrom('deployment')
    .select('document')
    .where('project', '=', query.project);
  const equal = {
    service: query.service,
    environment: query.environment,
    state: query.state,
    verdict_value: query.verdict,
  } as const;
  for (const column of ['service', 'environment', 'state', 'verdict_value'] as const) {
    const value = equal[column];
    if (value !== undefined) selection = selection.where(column, '=', value);
  }
  if (query.fromMs !== undefined) selection = selection.where('started_at_ms', '>=', query.fromMs);
  if (query.toMs !== undefined) selection = selection.where('started_at_ms', '<', query.toMs);
  return after(labelled(selection, query.label), query.cursor);
}

function labelled(selection: Selection, label: DeploymentQuery['label']): Selection {
  if (label === undefined) return selection;
  return selection.where('id', 'in', (ids) =>
    ids
      .selectFrom('deployment_label')
      .select('deployment_id')
      .where('name', '=', label.name)
      .where('value', '=', label.value)
      .whereRef('deployment_id', '=', 'deployment.id'),
  );
}

function after(selection: Selection, cursor: string | undefined): Selection {
  if (cursor === undefined) return selection;
  const { startedAtMs, id } = decodeCursor(cursor);
  return selection.where(sql<boolean>`(started_at_ms, id) < (${startedAtMs}, ${id})`);
}

export async function insertDeployment(db: Db, next: Deployment): Promise<void> {
  await orConflict(`deployment ${next.id} exists already`, () =>
    db
      .insertInto('deployment')
      .values({ id: next.id, verdict_value: 'pending', ...columns(next) })
      .execute(),
  );
  await writeLabels(db, next);
}

export async function updateDeployment(db: Db, next: Deployment): Promise<void> {
  const result = await db
    .updateTable('deployment')
    .set(columns(next))
    .where('id', '=', next.id)
    .where('revision', '=', next.revision - 1)
    .executeTakeFirst();
  expectRevision(result.numUpdatedRows, `deployment ${next.id}`, next.revision);
  await db.deleteFrom('deployment_label').where('deployment_id', '=', next.id).execute();
  await writeLabels(db, next);
}

function columns(next: Deployment) {
  return {
    project: next.project,
    service: next.service,
    environment: next.environment,
    state: next.state,
    started_at_ms: next.startedAtMs,
    revision: next.revision,
    document: JSON.stringify(next),
  };
}

async function writeLabels(db: Db, next: Deployment): Promise<void> {
  const rows = Object.entries(next.labels).map(([name, value]) => ({ deployment_id: next.id, name, value }));
  if (rows.length > 0) await db.insertInto('deployment_label').values(rows).execute();
}

export async function steps(db: Db, deploymentId: string): Promise<readonly Step[]> {
  const rows = await db
    .selectFrom('step')
    .selectAll()
    .where('deployment_id', '=', deploymentId)
    .orderBy('step_index')
    .execute();
  return rows.map((row) => ({
    deploymentId,
    index: row.step_index,
    name: row.name,
    ...(row.traffic_share === null ? {} : { trafficShare: row.traffic_share }),
    startedAtMs: row.started_at_ms,
    ...(row.ended_at_ms === null ? {} : { endedAtMs: row.ended_at_ms }),
  }));
}

export async function insertStep(db: Db, step: Step): Promise<void> {
  await orConflict(
    `deployment ${step.deploymentId} has a step ${step.index} already, or does not exist`,
    () =>
      db
        .insertInto('step')
        .values({
          deployment_id: step.deploymentId,
          step_index: step.index,
          name: step.name,
          traffic_share: step.trafficShare ?? null,
          started_at_ms: step.startedAtMs,
          ended_at_ms: step.endedAtMs ?? null,
        })
        .execute(),
  );
}

/** The first end stays. */
export async function endStep(db: Db, deploymentId: string, index: number, endedAtMs: number): Promise<void> {
  const result = await db
    .updateTable('step')
    .set((column) => ({ ended_at_ms: column.fn.coalesce('ended_at_ms', column.val(endedAtMs)) }))
    .where('deployment_id', '=', deploymentId)
    .where('step_index', '=', index)
    .executeTakeFirst();
  expectOne(result.numUpdatedRows, `deployment ${deploymentId} has no step ${index}`);
}
