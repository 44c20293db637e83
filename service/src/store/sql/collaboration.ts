import type { Kysely } from 'kysely';
import type { Acknowledgement, Incident, Note } from '../../domain/collaboration.js';
import { expectRevision, orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

async function documents(
  db: Db,
  table: 'note' | 'incident' | 'acknowledgement',
  deploymentId: string,
): Promise<readonly unknown[]> {
  const rows = await db
    .selectFrom(table)
    .select('document')
    .where('deployment_id', '=', deploymentId)
    .orderBy('number')
    .execute();
  return rows.map(fromDocument);
}

export async function notes(db: Db, deploymentId: string): Promise<readonly Note[]> {
  return (await documents(db, 'note', deploymentId)) as readonly Note[];
}

export async function incidents(db: Db, deploymentId: string): Promise<readonly Incident[]> {
  return (await documents(db, 'incident', deploymentId)) as readonly Incident[];
}

export async function acknowledgements(db: Db, deploymentId: string): Promise<readonly Acknowledgement[]> {
  return (await documents(db, 'acknowledgement', deploymentId)) as readonly Acknowledgement[];
}

export async function insertNote(db: Db, next: Note): Promise<void> {
  await orConflict(`note ${next.id} exists already, or deployment ${next.deploymentId} does not exist`, () =>
    db
      .insertInto('note')
      .values({ id: next.id, deployment_id: next.deploymentId, document: JSON.stringify(next) })
      .execute(),
  );
}

export async function insertIncident(db: Db, next: Incident): Promise<void> {
  await orConflict(`${next.url} is linked to deployment ${next.deploymentId} already`, () =>
    db
      .insertInto('incident')
      .values({
        id: next.id,
        deployment_id: next.deploymentId,
        url: next.url,
        document: JSON.stringify(next),
      })
      .execute(),
  );
}

export async function insertAcknowledgement(db: Db, next: Acknowledgement): Promise<void> {
  await orConflict(`somebody has deployment ${next.deploymentId} already`, () =>
    db
      .insertInto('acknowledgement')
      .values({ id: next.id, deployment_id: next.deploymentId, ...columns(next) })
      .execute(),
  );
}

export async function updateAcknowledgement(db: Db, next: Acknowledgement): Promise<void> {
  const result = await db
    .updateTable('acknowledgement')
    .set(columns(next))
    .where('id', '=', next.id)
    .where('revision', '=', next.revision - 1)
    .executeTakeFirst();
  expectRevision(result.numUpdatedRows, `acknowledgement ${next.id}`, next.revision);
}

function columns(next: Acknowledgement) {
  return {
    released_at_ms: next.releasedAtMs ?? null,
    revision: next.revision,
    document: JSON.stringify(next),
  };
}
