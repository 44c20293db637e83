import Database from 'better-sqlite3';
import { StoreError, type StoreErrorCode } from '../port.js';

interface Meaning {
  readonly code: StoreErrorCode;
  readonly text: string;
  readonly retryable: boolean;
}

const diskFull: Meaning = {
  code: 'disk-full',
  text: 'the disk (or its quota) is full; nothing was written: free some space, then try again',
  retryable: true,
};
const corrupt: Meaning = {
  code: 'corrupt',
  text: 'the database file is damaged or not a database: stop the service and restore a backup',
  retryable: false,
};

/** By result code of SQLite (https://www.sqlite.org/rescode.html), the most specific prefix first. */
const meanings: readonly (readonly [prefix: string, meaning: Meaning])[] = [
  ['SQLITE_FULL', diskFull],
  // Growing the shared index of the write-ahead log is where a full disk shows as an I/O error.
  ['SQLITE_IOERR_SHMSIZE', diskFull],
  [
    'SQLITE_CONSTRAINT_FOREIGNKEY',
    { code: 'conflict', text: 'it refers to a row that does not exist', retryable: false },
  ],
  ['SQLITE_CONSTRAINT', { code: 'conflict', text: 'it breaks a rule of the stored data', retryable: false }],
  ['SQLITE_CORRUPT', corrupt],
  ['SQLITE_NOTADB', corrupt],
  [
    'SQLITE_BUSY',
    { code: 'unavailable', text: 'another process is writing to the database', retryable: true },
  ],
  ['SQLITE_READONLY', { code: 'unavailable', text: 'the database file cannot be written', retryable: false }],
  ['SQLITE_CANTOPEN', { code: 'unavailable', text: 'the database file cannot be opened', retryable: false }],
];

/** What SQLite reported, as a StoreError; anything that is not SQLite's is handed back as it is. */
export function storeErrorOf(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const known = meanings.find(([prefix]) => error.code.startsWith(prefix))?.[1];
  const meaning = known ?? { code: 'unavailable', text: 'the database failed', retryable: true };
  return new StoreError(
    meaning.code,
    `${meaning.text} (${error.code}: ${error.message})`,
    meaning.retryable,
    {
      cause: error,
    },
  );
}
