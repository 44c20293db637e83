import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { optionalInstant } from '../app/present.js';
import type { AccessToken } from '../domain/access.js';
import { StoreError, type Store, type Transaction } from '../store/port.js';
import { openSqliteReader } from '../store/sqlite/open-sqlite-reader.js';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.js';
import { CommandError } from './command-error.js';
import type { CommandResult } from './print-result.js';
import { DATABASE_FILE } from './store-commands.js';

/** The tokens that a data folder keeps, beside a running service or without one. @returns what to tell the user @throws StoreError */
export async function listTokens(dataDir: string): Promise<CommandResult> {
  const reader = openSqliteReader({ file: join(dataDir, DATABASE_FILE) });
  try {
    const tokens = await reader.tokens();
    const data = { tokens: tokens.map(withoutHash) };
    if (tokens.length === 0)
      return { text: 'No token is stored. Those of the configuration stand there.', data };
    const lines = [
      ...tokens.map(describe),
      'They are accepted as long as the configuration names no tokens; "bellwether token revoke <id>" ends one.',
    ];
    return { text: lines.join('\n'), data };
  } finally {
    await reader.close();
  }
}

function withoutHash({ hash: _secret, createdAtMs, expiresAtMs, revokedAtMs, ...token }: AccessToken) {
  return {
    ...token,
    ...optionalInstant('createdAt', createdAtMs),
    ...optionalInstant('expiresAt', expiresAtMs),
    ...optionalInstant('revokedAt', revokedAtMs),
  };
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
export async function revokeToken(dataDir: string, id: string, nowMs: number): Promise<CommandResult> {
  return administer(dataDir, nowMs, async (tx, record) => {
    const token = (await tx.tokens()).find((one) => one.id === id);
    if (token === undefined)
      throw new CommandError(
        `no token "${id}" is stored; "bellwether token list" shows those that are, and the configuration's are taken out of it`,
      );
    const told = (text: string, atMs: number): CommandResult => ({
      text,
      data: { id, name: token.name, role: token.role, ...optionalInstant('revokedAt', atMs) },
    });
    if (token.revokedAtMs !== undefined) {
      const at = new Date(token.revokedAtMs).toISOString();
      return told(`Token ${id} was revoked already, at ${at}.`, token.revokedAtMs);
    }
    await tx.revokeToken(id, nowMs);
    await record('token.revoke', { token: id, name: token.name, role: token.role });
    return told(`Revoked token ${id} ("${token.name}").`, nowMs);
  });
}

/** Deletes the name behind a pseudonym, on record; the audit chain still verifies. @returns what to tell the user @throws CommandError, StoreError */
export async function forgetPerson(
  dataDir: string,
  pseudonym: string,
  nowMs: number,
): Promise<CommandResult> {
  return administer(dataDir, nowMs, async (tx, record) => {
    if ((await tx.personBehind(pseudonym)) === undefined)
      throw new CommandError(
        `nobody is known as "${pseudonym}"; reports and the audit log show pseudonyms, such as p-0123456789abcdef0123`,
      );
    // Before the name goes: it may be that of the person who asks.
    await record('person.forget', { pseudonym });
    await tx.forget(pseudonym);
    const text = `Forgot who ${pseudonym} is. Backups made before still hold the name.`;
    return { text, data: { pseudonym, forgotten: true } };
  });
}

type Record = (action: string, detail: Readonly<{ [key: string]: unknown }>) => Promise<void>;

async function administer(
  dataDir: string,
  nowMs: number,
  work: (tx: Transaction, record: Record) => Promise<CommandResult>,
): Promise<CommandResult> {
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
