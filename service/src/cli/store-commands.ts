import { join } from 'node:path';
import { openSqliteReader } from '../store/sqlite/open-sqlite-reader.js';
import type { CommandResult } from './print-result.js';

/** Name of the database inside the data folder. */
export const DATABASE_FILE = 'bellwether.db';

/** Walks the audit chain of a data folder, beside a running service or without one. @throws StoreError */
export async function verifyStoreAudit(dataDir: string): Promise<CommandResult & { readonly ok: boolean }> {
  const reader = openSqliteReader({ file: join(dataDir, DATABASE_FILE) });
  try {
    const result = await reader.verifyAudit();
    return result.ok
      ? {
          ok: true,
          data: result,
          text: `The audit chain holds: ${result.entries} entries, ${result.checkpoints} signed checkpoints.`,
        }
      : {
          ok: false,
          data: result,
          text: `The audit chain is broken at entry ${result.atSequence}: ${result.problem}`,
        };
  } finally {
    await reader.close();
  }
}

/** Copies the database of a data folder while the service may be running. @returns what to tell the user @throws StoreError */
export async function backupStore(dataDir: string, file: string): Promise<CommandResult> {
  const reader = openSqliteReader({ file: join(dataDir, DATABASE_FILE) });
  try {
    await reader.backup(file);
    const publicKey = `${join(dataDir, DATABASE_FILE)}.audit-key.pub.pem`;
    const text = `Wrote a checked copy to ${file}. Keep ${publicKey} elsewhere, to verify it by.`;
    return { text, data: { file, publicKey } };
  } finally {
    await reader.close();
  }
}
