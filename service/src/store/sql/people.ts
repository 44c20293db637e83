import { createHmac, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

export async function personBehind(db: Db, pseudonym: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('person')
    .select('name')
    .where('pseudonym', '=', pseudonym)
    .executeTakeFirst();
  return row?.name;
}

/**
 * HMAC-SHA256 of the name under a key that is random for each person: without the row nobody can tell whose pseudonym
 * it was, not even by trying all names. 80 bits are enough against collisions among people.
 */
export async function pseudonym(db: Db, name: string): Promise<string> {
  const known = await db.selectFrom('person').select('pseudonym').where('name', '=', name).executeTakeFirst();
  if (known !== undefined) return known.pseudonym;
  const key = randomBytes(32);
  const made = `p-${createHmac('sha256', key).update(name).digest('hex').slice(0, 20)}`;
  await db.insertInto('person').values({ pseudonym: made, name, key }).execute();
  return made;
}

/** Unknown pseudonyms are ignored: forgetting twice is no error. */
export async function forget(db: Db, pseudonymOfPerson: string): Promise<void> {
  await db.deleteFrom('person').where('pseudonym', '=', pseudonymOfPerson).execute();
}
