import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Kysely } from 'kysely';
import { StoreError, type Reader, type Store } from '../port.js';
import { keyIdOf } from '../sql/audit/signing-key.js';
import { verifyChain } from '../sql/audit/verify-chain.js';
import { sqlReader } from '../sql/sql-reader.js';
import type { Tables } from '../sql/tables.js';
import { backUp } from './backup.js';
import { connectReader, inspect } from './connect.js';
import { sqliteDialect } from './sqlite-dialect.js';

/** Copies everything at once: in small pieces every commit of the writing process would start the copy afresh. */
const allPages = 2 ** 31 - 1;

/** What the command line can do with a database while a service is writing it. */
export type SqliteReader = Reader & Pick<Store, 'backup' | 'verifyAudit' | 'close'>;

/**
 * Opens an existing database for reading, beside a running service or without one.
 * @throws StoreError `unavailable` when there is no such file, `newer-version`, `corrupt`
 */
export function openSqliteReader(options: { readonly file: string }): SqliteReader {
  const file = resolve(options.file);
  if (!existsSync(file))
    throw new StoreError(
      'unavailable',
      `there is no database at ${file}: name the folder of a service's data`,
      false,
    );
  inspect(file);
  const connection = connectReader(file);
  const reader = new Kysely<Tables>({ dialect: sqliteDialect(connection) });
  return {
    ...sqlReader(() => reader),
    backup: (toFile) => backUp(connection, toFile, allPages),
    verifyAudit: async (verification) => {
      const keys = [
        ...keyBeside(file),
        ...(verification?.trustedKeys ?? []).map((pem) => createPublicKey(pem)),
      ];
      return await verifyChain(reader, new Map(keys.map((key) => [keyIdOf(key), key])));
    },
    close: () => {
      connection.close();
      return Promise.resolve();
    },
  };
}

/** The public key that the store left beside the database, if it is still there. */
function keyBeside(file: string): readonly KeyObject[] {
  try {
    return [createPublicKey(readFileSync(`${file}.audit-key.pub.pem`))];
  } catch {
    return [];
  }
}
