import { createPublicKey, type KeyObject } from 'node:crypto';
import type Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import type {
  AuditCheckpoint,
  AuditVerification,
  Retention,
  SampleStore,
  Store,
  Transaction,
} from '../port.js';
import { checkpointNewest } from '../sql/audit/checkpoint.js';
import { keyIdOf, type AuditKey } from '../sql/audit/signing-key.js';
import { verifyChain } from '../sql/audit/verify-chain.js';
import { Breather } from '../sql/breather.js';
import type { RunTransaction } from '../sql/run-transaction.js';
import { pruneRows } from '../sql/retention.js';
import { SqlSampleStore } from '../sql/samples/sql-sample-store.js';
import { sqlReader } from '../sql/sql-reader.js';
import { sqlTransaction } from '../sql/sql-transaction.js';
import { sqlStatistics } from '../sql/statistics.js';
import type { Tables } from '../sql/tables.js';
import { backUp } from './backup.js';
import type { FileLock } from './file-lock.js';
import { sqliteDialect } from './sqlite-dialect.js';
import { TransactionGuard } from './transaction-guard.js';

/** Pages (8 kB) that a backup copies without a pause: about a millisecond. */
const backupPages = 64;

/** What an open store stands on. */
export interface StoreParts {
  readonly writer: Database.Database;
  readonly reader: Database.Database;
  readonly lock: FileLock;
  readonly clock: () => number;
  readonly key: AuditKey;
}

/** The port over two SQLite connections: one that writes, one that reads the last committed state meanwhile. */
export async function createSqliteStore(parts: StoreParts): Promise<Store> {
  const { clock, key } = parts;
  const reader = new Kysely<Tables>({ dialect: sqliteDialect(parts.reader) });
  const writer = new Kysely<Tables>({ dialect: sqliteDialect(parts.writer) });
  const guard = new TransactionGuard();
  const breather = new Breather();
  const write: RunTransaction = async (work) => {
    const result = await writer.transaction().execute(work);
    // The embedded database answers at once: callers in a loop would never let timers and requests in.
    await breather.pause();
    return result;
  };
  const samples = new SqlSampleStore(reader, write);
  await samples.replay();
  return {
    ...sqlReader(() => {
      guard.assertOutside('a read of the store');
      return reader;
    }),
    transaction: (work) => transaction({ guard, write, clock, key, wipe: () => wipeLog(parts.writer) }, work),
    samples: guarded(samples, guard),
    backup: (toFile) => backUp(parts.writer, toFile, backupPages),
    prune: async (nowMs, retention) => {
      guard.assertOutside('store.prune');
      return await prune({ reader, write, key, samples }, nowMs, retention);
    },
    statistics: async () => ({
      ...(await sqlStatistics(reader)),
      databaseBytes: sizeOf(parts.reader),
    }),
    verifyAudit: (options) => verifyAudit(reader, key, options?.trustedKeys ?? []),
    checkpointAudit: async (): Promise<AuditCheckpoint | undefined> => {
      guard.assertOutside('store.checkpointAudit');
      return await write((trx) => checkpointNewest(trx, key, clock()));
    },
    close: async () => {
      if (!parts.writer.open) return;
      try {
        // Behind whatever is still being written.
        await write(() => Promise.resolve());
      } finally {
        parts.reader.close();
        parts.writer.close();
        parts.lock.release();
      }
    },
  };
}

/** Of the file as far as it is in use; the log beside it comes and goes. */
function sizeOf(db: Database.Database): number {
  const number = (pragma: string): number => Number(db.pragma(pragma, { simple: true }));
  return number('page_count') * number('page_size');
}

interface TransactionParts {
  readonly guard: TransactionGuard;
  readonly write: RunTransaction;
  readonly clock: () => number;
  readonly key: AuditKey;
  readonly wipe: () => void;
}

async function transaction<T>(parts: TransactionParts, work: (tx: Transaction) => Promise<T>): Promise<T> {
  parts.guard.assertOutside('store.transaction');
  let forgotten = 0;
  const result = await parts.write((trx) =>
    parts.guard.run(async (assertInside) => {
      const db = (): Kysely<Tables> => {
        assertInside();
        return trx;
      };
      const onForget = (): void => {
        forgotten += 1;
      };
      return await work(sqlTransaction(db, { clock: parts.clock, key: parts.key, onForget }));
    }),
  );
  if (forgotten > 0) parts.wipe();
  return result;
}

/** The write-ahead log keeps earlier pages until it is emptied: a forgotten name would stay readable there. */
function wipeLog(writer: Database.Database): void {
  if (!writer.inTransaction) writer.pragma('wal_checkpoint(TRUNCATE)');
}

function guarded(samples: SqlSampleStore, guard: TransactionGuard): SampleStore {
  return {
    append: async (batches, limits) => {
      guard.assertOutside('store.samples.append');
      return await samples.append(batches, limits);
    },
    appendWhatFits: async (batches, limits) => {
      guard.assertOutside('store.samples.appendWhatFits');
      return await samples.appendWhatFits(batches, limits);
    },
    read: (query) => samples.read(query),
    list: (query) => samples.list(query),
    seriesCount: (project) => samples.seriesCount(project),
  };
}

interface PruneParts {
  readonly reader: Kysely<Tables>;
  readonly write: RunTransaction;
  readonly key: AuditKey;
  readonly samples: SqlSampleStore;
}

async function prune(
  parts: PruneParts,
  nowMs: number,
  retention: Retention,
): Promise<Readonly<Record<string, number>>> {
  return {
    ...(await parts.samples.prune(nowMs - retention.samplesMs)),
    ...(await pruneRows(parts.reader, parts.write, nowMs, retention, parts.key)),
  };
}

/** Trusts the given public keys (PEM) and the store's own. */
async function verifyAudit(
  reader: Kysely<Tables>,
  key: AuditKey,
  trustedKeys: readonly string[],
): Promise<AuditVerification> {
  const keys: readonly KeyObject[] = [key.publicKey, ...trustedKeys.map((pem) => createPublicKey(pem))];
  return await verifyChain(reader, new Map(keys.map((trusted) => [keyIdOf(trusted), trusted])));
}
