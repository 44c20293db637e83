import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../port.js';
import { migrate, pendingMigrations } from './migrations/migrate.js';
import { storeErrorOf } from './sqlite-error.js';

/** How long a connection waits for another one's lock. */
const busyTimeoutMs = 5_000;
/** Larger than SQLite's 4 kB: compressed chunks and documents of a few kB then fit one page. */
const pageBytes = 8_192;
/** Checking a larger file at every start takes seconds; damage there is reported when it is read. */
const checkedBytes = 64 * 2 ** 20;
/** "BLWR" in the file's header, by which `file` and this code know whose database it is. */
const applicationId = 0x42_4c_57_52;

/** Makes the directory (0700) and an empty file (0600) where they are missing. */
export function prepareFile(file: string): void {
  try {
    const directory = dirname(file);
    if (!existsSync(directory)) mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const path of [file, `${file}.lock`]) {
      if (existsSync(path)) chmodSync(path, 0o600);
      else closeSync(openSync(path, 'a', 0o600));
    }
  } catch (error) {
    throw new StoreError(
      'unavailable',
      `${file} cannot be made or its mode cannot be set: give a path that this user may write`,
      false,
      { cause: error },
    );
  }
}

/**
 * Looks at a file through a connection that cannot change it.
 * @throws StoreError `corrupt` or `newer-version`
 */
export function inspect(file: string): void {
  const db = connect(file, true);
  try {
    if (db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined) return;
    if (db.pragma('application_id', { simple: true }) !== applicationId) {
      throw new StoreError('corrupt', `${file} is a database of another program: give another file`, false);
    }
    pendingMigrations(db, file);
    const bytes = Number(db.pragma('page_count', { simple: true })) * pageBytes;
    if (bytes <= checkedBytes) checkWhole(db, file);
  } catch (error) {
    throw storeErrorOf(error);
  } finally {
    db.close();
  }
}

function checkWhole(db: Database.Database, file: string): void {
  const result = db.pragma('quick_check(1)', { simple: true });
  if (result === 'ok') return;
  throw new StoreError('corrupt', `${file} is damaged (${String(result)}): restore a backup`, false);
}

/** The connection that writes: durable at every commit, migrated to this release's schema. */
export function connectWriter(file: string, nowMs: number, maxPages?: number): Database.Database {
  const db = connect(file, false);
  try {
    db.pragma(`page_size = ${pageBytes}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // Without it INSERT OR REPLACE would go round the triggers that guard the audit log.
    db.pragma('recursive_triggers = ON');
    // Overwrites what is deleted where that costs no extra write; forgotten names must not linger in the file.
    db.pragma('secure_delete = FAST');
    if (maxPages !== undefined) db.pragma(`max_page_count = ${maxPages}`);
    db.pragma(`application_id = ${applicationId}`);
    migrate(db, file, nowMs);
    return db;
  } catch (error) {
    db.close();
    throw storeErrorOf(error);
  }
}

/** A connection that only reads. */
export function connectReader(file: string): Database.Database {
  const db = connect(file, true);
  try {
    db.pragma('query_only = ON');
    return db;
  } catch (error) {
    db.close();
    throw storeErrorOf(error);
  }
}

function connect(file: string, readonly: boolean): Database.Database {
  try {
    return new Database(file, { readonly, fileMustExist: true, timeout: busyTimeoutMs });
  } catch (error) {
    throw storeErrorOf(error);
  }
}
