import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/port.js';
import { mintToken } from './create-token.js';

/** Name of the file inside the data folder that holds the token of the first start. */
export const FIRST_TOKEN_FILE = 'first-admin-token';

/**
 * A service that nobody can log in to is of no use: where the configuration names no token and the store has no living one, makes
 * an admin token and leaves it in a file that only this user may read.
 * @returns the file, or undefined when a token was there
 * @throws StoreError, and what the file system says
 */
export async function ensureFirstToken(
  store: Store,
  dataDir: string,
  nowMs: number,
): Promise<string | undefined> {
  if ((await store.tokens()).some((token) => token.revokedAtMs === undefined)) return undefined;
  const { token, entry } = mintToken({
    name: 'first admin',
    role: 'admin',
    project: '*',
    service: '*',
    environment: '*',
  });
  const { hash, ...rest } = entry;
  const file = join(dataDir, FIRST_TOKEN_FILE);
  // The file first: a token that nobody has is worse than a file that opens nothing and is written anew.
  rmSync(file, { force: true });
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  await store.transaction(async (tx) => {
    await tx.insertToken({ ...rest, hash: hash.replace('sha256:', ''), createdAtMs: nowMs });
    await tx.appendAudit({
      atMs: nowMs,
      project: '*',
      actor: await tx.pseudonym('bellwether'),
      authentication: 'system',
      action: 'token.create',
      detail: { token: entry.id, name: entry.name, role: entry.role },
    });
  });
  return file;
}
