import { sign, verify, type KeyObject } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { AuditCheckpoint } from '../../port.js';
import type { CheckpointKind, Tables } from '../tables.js';
import { canonicalJson } from './canonical-json.js';
import { newestEntry } from './chain.js';
import type { AuditKey } from './signing-key.js';

type Db = Kysely<Tables>;

/**
 * Every 64th entry is signed as it is written, so a cut tail hides at most 63 entries. Signing takes about 0.05 ms.
 * Verification expects them all: a later release that changes the number must keep knowing this one.
 */
export const checkpointEvery = 64;

function signedText(kind: CheckpointKind, checkpoint: Omit<AuditCheckpoint, 'signature'>): Buffer {
  const { sequence, hash, atMs, keyId } = checkpoint;
  return Buffer.from(`bellwether audit ${kind} ${canonicalJson({ sequence, hash, atMs, keyId })}`);
}

/** Signs a link of the chain (Ed25519) and stores that; signing the same one twice changes nothing. */
export async function writeCheckpoint(
  db: Db,
  kind: CheckpointKind,
  link: { readonly sequence: number; readonly hash: string },
  key: AuditKey,
  nowMs: number,
): Promise<void> {
  const unsigned = { sequence: link.sequence, hash: link.hash, atMs: nowMs, keyId: key.keyId };
  const signature = sign(null, signedText(kind, unsigned), key.privateKey).toString('base64');
  await db
    .insertInto('audit_checkpoint')
    .values({
      kind,
      sequence: link.sequence,
      hash: link.hash,
      at_ms: nowMs,
      key_id: key.keyId,
      signature,
    })
    .onConflict((conflict) => conflict.columns(['kind', 'sequence']).doNothing())
    .execute();
}

/** Makes sure that the newest entry is signed. */
export async function checkpointNewest(
  db: Db,
  key: AuditKey,
  nowMs: number,
): Promise<AuditCheckpoint | undefined> {
  const newest = await newestEntry(db);
  if (newest === undefined) return undefined;
  await writeCheckpoint(db, 'checkpoint', newest, key, nowMs);
  const row = await db
    .selectFrom('audit_checkpoint')
    .selectAll()
    .where('kind', '=', 'checkpoint')
    .where('sequence', '=', newest.sequence)
    .executeTakeFirstOrThrow();
  return toCheckpoint(row);
}

function toCheckpoint(row: Selectable<Tables['audit_checkpoint']>): AuditCheckpoint {
  return {
    sequence: row.sequence,
    hash: row.hash,
    atMs: row.at_ms,
    keyId: row.key_id,
    signature: row.signature,
  };
}

/** What is wrong with a stored checkpoint's signature; undefined when nothing is. */
export function signatureProblem(
  row: Selectable<Tables['audit_checkpoint']>,
  keys: ReadonlyMap<string, KeyObject>,
): string | undefined {
  const key = keys.get(row.key_id);
  if (key === undefined) {
    return `the checkpoint is signed with the unknown key ${row.key_id}: give its public key if you trust it`;
  }
  const valid = verify(
    null,
    signedText(row.kind, toCheckpoint(row)),
    key,
    Buffer.from(row.signature, 'base64'),
  );
  return valid ? undefined : "the checkpoint's signature is wrong";
}
