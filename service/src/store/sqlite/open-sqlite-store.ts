import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import type { Store } from '../port.js';
import { auditKey } from '../sql/audit/signing-key.js';
import { keyBeside } from './audit-key-file.js';
import { connectReader, connectWriter, inspect, prepareFile } from './connect.js';
import { lockFile } from './file-lock.js';
import { createSqliteStore } from './sqlite-store.js';

export interface SqliteStoreOptions {
  /** Path of the database; made with its directory when missing. */
  readonly file: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Ed25519 private key that signs audit checkpoints; without it one is kept beside the database. */
  readonly auditSigningKey?: KeyObject;
  /** Largest size of the database in pages of 8 kB; beyond it writes fail as `disk-full`. */
  readonly maxPages?: number;
}

/**
 * Opens, and where needed makes or migrates, the embedded store. This process is then the only one that writes it.
 * @throws StoreError `unavailable` (in use, no permission), `newer-version`, `corrupt`, `disk-full`
 * @example const store = await openSqliteStore({ file: 'data/bellwether.db', clock: Date.now });
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const file = resolve(options.file);
  prepareFile(file);
  const lock = lockFile(file);
  const opened: { close(): unknown }[] = [];
  try {
    inspect(file);
    const key = auditKey(options.auditSigningKey ?? keyBeside(file));
    const writer = connectWriter(file, options.clock(), options.maxPages);
    opened.push(writer);
    const reader = connectReader(file);
    opened.push(reader);
    return await createSqliteStore({ writer, reader, lock, clock: options.clock, key });
  } catch (error) {
    for (const connection of opened) connection.close();
    lock.release();
    throw error;
  }
}
