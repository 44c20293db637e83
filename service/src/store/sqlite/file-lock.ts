import Database from 'better-sqlite3';
import { StoreError } from '../port.js';
import { storeErrorOf } from './sqlite-error.js';

/** A claim on a database file that ends with the process, however it ends. */
export interface FileLock {
  release(): void;
}

/**
 * Makes this the only process that writes a database. The lock is the operating system's, held through an exclusive
 * transaction in a small file beside the database, so that a killed process leaves nothing behind to clean up and
 * readers of the database itself are not shut out.
 * @throws StoreError `unavailable` when somebody else holds it
 */
export function lockFile(file: string): FileLock {
  const lock = openLock(`${file}.lock`);
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new StoreError(
      'unavailable',
      `${file} is in use by another Bellwether process: stop that one, or give this one another file`,
      true,
      { cause: error },
    );
  }
  return { release: () => void lock.close() };
}

function openLock(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 0 });
  } catch (error) {
    throw storeErrorOf(error);
  }
}
