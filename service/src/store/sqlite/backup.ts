import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type Database from 'better-sqlite3';
import { StoreError } from '../port.js';
import { storeErrorOf } from './sqlite-error.js';

/**
 * Copies a running database into one new file: copied beside its destination, checked there, and given its name only
 * then, so that a file of that name is always a whole backup.
 * @param pagesAtOnce pages copied without a pause (8 kB each)
 * @throws StoreError `conflict` when the file exists, `disk-full`, `unavailable`, `corrupt`
 */
export async function backUp(db: Database.Database, toFile: string, pagesAtOnce: number): Promise<void> {
  if (existsSync(toFile)) throw existsAlready(toFile);
  const partial = `${toFile}.partial-${process.pid}`;
  try {
    closeSync(openSync(partial, 'wx', 0o600));
    await db.backup(partial, { progress: () => pagesAtOnce });
    chmodSync(partial, 0o600);
    await check(partial, toFile);
    flush(partial);
    // A link and not a rename, which would silently replace a file made meanwhile.
    linkSync(partial, toFile);
    flush(dirname(toFile));
  } catch (error) {
    throw backupError(error, toFile);
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${partial}${suffix}`, { force: true });
  }
}

function existsAlready(toFile: string, cause?: unknown): StoreError {
  return new StoreError('conflict', `${toFile} exists already: give the backup another name`, false, {
    cause,
  });
}

function backupError(error: unknown, toFile: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof StoreError) return error;
  if (code === 'EEXIST') return existsAlready(toFile, error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StoreError('disk-full', `no space for the backup ${toFile}: free some, then try again`, true, {
      cause: error,
    });
  }
  const meant = storeErrorOf(error);
  if (meant instanceof StoreError) return meant;
  return new StoreError('unavailable', `the backup ${toFile} could not be written: ${String(error)}`, true, {
    cause: error,
  });
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads every page. In a thread of its own, because a large file takes seconds; as text, because it needs nothing but
 * the driver and must also run where only the sources exist.
 */
const checker = `
const { parentPort, workerData } = require('node:worker_threads');
const Database = require(workerData.driver);
const db = new Database(workerData.file);
db.pragma('journal_mode = DELETE');
const result = db.pragma('integrity_check(1)', { simple: true });
db.close();
parentPort.postMessage(result);
`;

async function check(partial: string, toFile: string): Promise<void> {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3');
  const result = await new Promise<unknown>((resolve, reject) => {
    const worker = new Worker(checker, { eval: true, workerData: { driver, file: partial } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (result !== 'ok') {
    throw new StoreError(
      'corrupt',
      `the backup ${toFile} failed its check and was discarded: ${String(result)}`,
      true,
    );
  }
}
