import type { Kysely } from 'kysely';
import type { Verdict } from '../../domain/verdict.js';
import { orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

export async function verdicts(db: Db, deploymentId: string): Promise<readonly Verdict[]> {
  const rows = await db
    .selectFrom('verdict')
    .select('document')
    .where('deployment_id', '=', deploymentId)
    .orderBy('sequence', 'desc')
    .execute();
  return rows.map((row) => fromDocument(row) as Verdict);
}

export async function latestVerdict(db: Db, deploymentId: string): Promise<Verdict | undefined> {
  return (await latestVerdicts(db, [deploymentId])).get(deploymentId);
}

export async function latestVerdicts(
  db: Db,
  deploymentIds: readonly string[],
): Promise<ReadonlyMap<string, Verdict>> {
  if (deploymentIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('verdict')
    .select(['deployment_id', 'document'])
    .where('deployment_id', 'in', deploymentIds)
    .where('sequence', '=', (newest) =>
      newest
        .selectFrom('verdict as other')
        .select((column) => column.fn.max('other.sequence').as('sequence'))
        .whereRef('other.deployment_id', '=', 'verdict.deployment_id'),
    )
    .execute();
  return new Map(rows.map((row) => [row.deployment_id, fromDocument(row) as Verdict]));
}

export async function insertVerdict(db: Db, verdict: Verdict): Promise<void> {
  await orConflict(
    `verdict ${verdict.id} or number ${verdict.sequence} of deployment ${verdict.deploymentId} exists already, ` +
      'or that deployment does not',
    () =>
      db
        .insertInto('verdict')
        .values({
          id: verdict.id,
          deployment_id: verdict.deploymentId,
          sequence: verdict.sequence,
          value: verdict.value,
          evidence_hash: verdict.evidenceHash ?? null,
          decided_at_ms: verdict.decidedAtMs,
          document: JSON.stringify(verdict),
        })
        .execute(),
  );
  await showNewest(db, verdict.deploymentId);
}

/** Keeps the newest value beside the deployment, so that lists can filter by it with an index. */
async function showNewest(db: Db, deploymentId: string): Promise<void> {
  const newest = await latestVerdict(db, deploymentId);
  if (newest === undefined) return;
  await db
    .updateTable('deployment')
    .set({ verdict_value: newest.value })
    .where('id', '=', deploymentId)
    .execute();
}
