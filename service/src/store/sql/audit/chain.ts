import { createHash } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { AuditEntry, NewAuditEntry } from '../../../domain/audit.js';
import type { Tables } from '../tables.js';
import { canonicalJson } from './canonical-json.js';

type Db = Kysely<Tables>;

/** What the first entry names as its predecessor. */
export const genesisHash = '0'.repeat(64);

/** SHA-256 over the previous hash and the canonical JSON of everything in an entry but its hashes; 64 hex digits. */
export function entryHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { sequence, atMs, project, actor, authentication, action, deploymentId, detail } = entry;
  const rest = { sequence, atMs, project, actor, authentication, action, deploymentId, detail };
  return createHash('sha256').update(entry.previousHash).update(canonicalJson(rest)).digest('hex');
}

/** A stored row as an entry, without checking it. */
export function toEntry(row: Selectable<Tables['audit']>): AuditEntry {
  return {
    sequence: row.sequence,
    atMs: row.at_ms,
    project: row.project,
    actor: row.actor,
    authentication: row.authentication,
    action: row.action,
    ...(row.deployment_id === null ? {} : { deploymentId: row.deployment_id }),
    detail: JSON.parse(row.detail) as AuditEntry['detail'],
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

export async function newestEntry(
  db: Db,
): Promise<{ readonly sequence: number; readonly hash: string } | undefined> {
  return await db
    .selectFrom('audit')
    .select(['sequence', 'hash'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Adds one link; only inside a serialised write transaction, since the newest entry is read first. */
export async function appendEntry(db: Db, next: NewAuditEntry): Promise<AuditEntry> {
  const newest = await newestEntry(db);
  const detail = canonicalJson(next.detail);
  const link = {
    sequence: (newest?.sequence ?? 0) + 1,
    atMs: next.atMs,
    project: next.project,
    actor: next.actor,
    authentication: next.authentication,
    action: next.action,
    ...(next.deploymentId === undefined ? {} : { deploymentId: next.deploymentId }),
    // As it will be read back: what JSON cannot say must not be part of the hash.
    detail: JSON.parse(detail) as AuditEntry['detail'],
    previousHash: newest?.hash ?? genesisHash,
  };
  const entry = { ...link, hash: entryHash(link) };
  await db
    .insertInto('audit')
    .values({
      sequence: entry.sequence,
      at_ms: entry.atMs,
      project: entry.project,
      actor: entry.actor,
      authentication: entry.authentication,
      action: entry.action,
      deployment_id: entry.deploymentId ?? null,
      detail,
      previous_hash: entry.previousHash,
      hash: entry.hash,
    })
    .execute();
  return entry;
}

export async function entries(
  db: Db,
  query: { readonly afterSequence?: number; readonly limit: number; readonly deploymentId?: string },
): Promise<readonly AuditEntry[]> {
  let selection = db
    .selectFrom('audit')
    .selectAll()
    .where('sequence', '>', query.afterSequence ?? 0)
    .orderBy('sequence')
    .limit(query.limit);
  if (query.deploymentId !== undefined) selection = selection.where('deployment_id', '=', query.deploymentId);
  return (await selection.execute()).map(toEntry);
}
