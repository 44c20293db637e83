import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { AccessToken } from '../domain/access.js';
import { StoreError, type Store, type Transaction } from '../store/port.js';
import { openSqliteReader } from '../store/sqlite/open-sqlite-reader.js';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.js';
import { DATABASE_FILE } from './store-commands.js';

/** The command cannot do what was asked; the message says what to do instead. */
export class CommandError extends Error {}

/** The tokens that a data folder keeps, beside a running service or without one. @returns what to tell the user @throws StoreError */
export async function listTokens(dataDir: string): Promise<string> {
  const reader = openSqliteReader({ file: join(dataDir, DATABASE_FILE) });
  try {
    const tokens = await reader.tokens();
    if (tokens.length === 0) return 'No token is stored. Those of the configuration stand there.';
    return [
      ...tokens.map(describe),
      'They are accepted as long as the configuration names no tokens; "bellwether token revoke <id>" ends one.',
    ].join('\n');
  } finally {
    await reader.close();
  }
}

function describe({
  id,
  name,
  role,
  project,
  service,
  environment,
  createdAtMs,
  revokedAtMs,
}: AccessToken): string {
  const state = revokedAtMs === undefined ? 'valid' : `revoked ${new Date(revokedAtMs).toISOString()}`;
  return `${id}  ${role}  "${name}"  ${project}/${service}/${environment}  made ${new Date(createdAtMs).toISOString()}  ${state}`;
}

/** Ends a stored token, on record. @returns what to tell the user @throws CommandError, StoreError */
export async function revokeToken(dataDir: string, id: string, nowMs: number): Promise<string> {
  return administer(dataDir, nowMs, async (tx, record) => {
    const token = (await tx.tokens()).find((one) => one.id === id);
    if (token === undefined)
      throw new CommandError(
        `no token "${id}" is stored; "bellwether token list" shows those that are, and the configuration's are taken out of it`,
      );
    if (token.revokedAtMs !== undefined)
      return `Token ${id} was revoked already, at ${new Date(token.revokedAtMs).toISOString()}.`;
    await tx.revokeToken(id, nowMs);
    await record('token.revoke', { token: id, name: token.name, role: token.role });
    return `Revoked token ${id} ("${token.name}").`;
  });
}

/** Deletes the name behind a pseudonym, on record; the audit chain still verifies. @returns what to tell the user @throws CommandError, StoreError */
export async function forgetPerson(dataDir: string, pseudonym: string, nowMs: number): Promise<string> {
  return administer(dataDir, nowMs, async (tx, record) => {
    if ((await tx.personBehind(pseudonym)) === undefined)
      throw new CommandError(
        `nobody is known as "${pseudonym}"; reports and the audit log show pseudonyms, such as p-0123456789abcdef0123`,
      );
    // Before the name goes: it may be that of the person who asks.
    await record('person.forget', { pseudonym });
    await tx.forget(pseudonym);
    return `Forgot who ${pseudonym} is. Backups made before still hold the name.`;
  });
}

type Record = (action: string, detail: Readonly<{ [key: string]: unknown }>) => Promise<void>;

async function administer(
  dataDir: string,
  nowMs: number,
  work: (tx: Transaction, record: Record) => Promise<string>,
): Promise<string> {
  const store = await openStopped(dataDir);
  try {
    return await store.transaction((tx) =>
      work(tx, async (action, detail) => {
        const actor = await tx.pseudonym(operatingUser());
        await tx.appendAudit({ atMs: nowMs, project: '*', actor, authentication: 'cli', action, detail });
      }),
    );
  } finally {
    await store.close();
  }
}

async function openStopped(dataDir: string): Promise<Store> {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file))
    throw new CommandError(`there is no database in ${dataDir}; name its folder with --data-dir or --config`);
  try {
    return await openSqliteStore({ file, clock: Date.now });
  } catch (cause) {
    if (!(cause instanceof StoreError && cause.code === 'unavailable' && cause.retryable)) throw cause;
    throw new CommandError(`the service is running on ${dataDir}; stop it, run this again, then start it`, {
      cause,
    });
  }
}

/** Containers may run as a user without a name. */
function operatingUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
