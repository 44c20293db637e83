import type { Kysely } from 'kysely';
import type { AccessToken } from '../../domain/access.js';
import { expectOne, orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

interface Row {
  readonly document: string;
  readonly revoked_at_ms: number | null;
}

export async function tokenByHash(db: Db, hash: string): Promise<AccessToken | undefined> {
  const row = await db
    .selectFrom('token')
    .select(['document', 'revoked_at_ms'])
    .where('hash', '=', hash)
    .executeTakeFirst();
  return row && decode(row);
}

export async function tokens(db: Db): Promise<readonly AccessToken[]> {
  const rows = await db
    .selectFrom('token')
    .select(['document', 'revoked_at_ms'])
    .orderBy('created_at_ms')
    .orderBy('id')
    .execute();
  return rows.map(decode);
}

function decode(row: Row): AccessToken {
  const token = fromDocument(row) as AccessToken;
  return row.revoked_at_ms === null ? token : { ...token, revokedAtMs: row.revoked_at_ms };
}

export async function insertToken(db: Db, token: AccessToken): Promise<void> {
  await orConflict(`token ${token.id} exists already`, () =>
    db
      .insertInto('token')
      .values({
        id: token.id,
        hash: token.hash,
        created_at_ms: token.createdAtMs,
        revoked_at_ms: token.revokedAtMs ?? null,
        document: JSON.stringify(token),
      })
      .execute(),
  );
}

/** The first revocation stays. */
export async function revokeToken(db: Db, id: string, atMs: number): Promise<void> {
  const result = await db
    .updateTable('token')
    .set((column) => ({ revoked_at_ms: column.fn.coalesce('revoked_at_ms', column.val(atMs)) }))
    .where('id', '=', id)
    .executeTakeFirst();
  expectOne(result.numUpdatedRows, `token ${id} does not exist`);
}
