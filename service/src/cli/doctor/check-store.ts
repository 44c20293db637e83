import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../store/port.js';
import { connectReader } from '../../store/sqlite/connect.js';
import { lockFile } from '../../store/sqlite/file-lock.js';
import { migrations, pendingMigrations } from '../../store/sqlite/migrations/migrate.js';
import { openSqliteReader } from '../../store/sqlite/open-sqlite-reader.js';
import { DATABASE_FILE } from '../store-commands.js';
import { failure, ok, warn, type Finding } from './finding.js';

/** Whether the database opens, which schema it has, and who holds it. */
export async function checkStore(dataDir: string): Promise<readonly Finding[]> {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) return [ok('store', 'there is none yet; the first start makes it')];
  try {
    const reader = openSqliteReader({ file });
    try {
      await reader.latestVerdicts([]);
      return [checkSchema(file), checkLock(file)];
    } finally {
      await reader.close();
    }
  } catch (error) {
    return [failure('store', error)];
  }
}

function checkSchema(file: string): Finding {
  const connection = connectReader(file);
  try {
    const waiting = pendingMigrations(connection, file).length;
    const version = migrations.length - waiting;
    const detail = `${file} opens; schema version ${version}`;
    if (waiting === 0) return ok('store', detail);
    return warn(
      'store',
      `${detail}, ${waiting} behind this release`,
      'the next start brings it up to date and cannot be undone; "bellwether backup" first',
    );
  } finally {
    connection.close();
  }
}

function checkLock(file: string): Finding {
  try {
    lockFile(file).release();
    return ok('lock', 'free; no service runs on this folder');
  } catch (error) {
    if (error instanceof StoreError && error.retryable)
      return ok('lock', 'held; a service runs on this folder');
    return failure('lock', error);
  }
}
