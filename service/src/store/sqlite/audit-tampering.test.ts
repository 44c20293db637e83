import Database from 'better-sqlite3';
import fc from 'fast-check';
import { Kysely } from 'kysely';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { fillAudit } from '../contract-audit.test-suite.js';
import { baseMs } from '../contract-fixtures.js';
import type { AuditVerification } from '../port.js';
import { keyIdOf } from '../sql/audit/signing-key.js';
import { verifyChain } from '../sql/audit/verify-chain.js';
import type { Tables } from '../sql/tables.js';
import { sqliteDialect } from './sqlite-dialect.js';
import { temporaryStores } from './temporary-directory.test-support.js';

const { path, open } = temporaryStores();
const count = 150;
const columns = [
  'at_ms',
  'project',
  'actor',
  'authentication',
  'action',
  'deployment_id',
  'detail',
  'previous_hash',
  'hash',
] as const;

describe('the audit log under a hand that can write the file', () => {
  let db: Database.Database;
  let verify: () => Promise<AuditVerification>;
  beforeEach(async () => {
    const store = await open();
    await fillAudit(() => store, count);
    await store.checkpointAudit();
    await store.close();
    db = new Database(path('b.db'));
    const key = createPublicKey(readFileSync(path('b.db.audit-key.pub.pem')));
    const kysely = new Kysely<Tables>({ dialect: sqliteDialect(db) });
    verify = () => verifyChain(kysely, new Map([[keyIdOf(key), key]]));
  });
  afterEach(() => void db.close());

  const dropTriggers = (): void => {
    for (const name of [
      'audit_insert',
      'audit_update',
      'audit_delete',
      'audit_checkpoint_update',
      'audit_checkpoint_delete',
    ]) {
      db.exec(`DROP TRIGGER ${name}`);
    }
  };

  it('refuses to change while its triggers stand', () => {
    db.pragma('recursive_triggers = ON');
    const refused = [
      "UPDATE audit SET action = 'x' WHERE sequence = 3",
      'DELETE FROM audit WHERE sequence = 150',
      'INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE sequence = 3',
      "UPDATE audit_checkpoint SET signature = 'x'",
      'DELETE FROM audit_checkpoint WHERE sequence = 64',
    ];
    for (const sql of refused) expect(() => db.exec(sql)).toThrow(/audit (entries|checkpoints)/u);
  });

  it('shows every change of a single row', async () => {
    dropTriggers();
    expect(await verify()).toEqual({ ok: true, entries: count, checkpoints: 3 });
    const sequence = fc.integer({ min: 1, max: count });
    const tampering = fc.oneof(
      fc.record({ kind: fc.constant('alter' as const), sequence, column: fc.constantFrom(...columns) }),
      fc.record({ kind: fc.constant('delete' as const), sequence }),
      fc.record({ kind: fc.constant('swap' as const), sequence: fc.integer({ min: 1, max: count - 1 }) }),
      fc.record({ kind: fc.constant('insert' as const), sequence }),
      fc.record({
        kind: fc.constant('alter checkpoint' as const),
        sequence: fc.constantFrom(64, 128, 150),
        column: fc.constantFrom('hash', 'at_ms', 'signature', 'key_id', 'kind'),
      }),
      fc.record({ kind: fc.constant('delete checkpoint' as const), sequence: fc.constantFrom(64, 128) }),
    );
    await fc.assert(
      fc.asyncProperty(tampering, async (act) => {
        db.exec('SAVEPOINT tampering');
        tamper(db, act);
        const result = await verify();
        db.exec('ROLLBACK TO tampering; RELEASE tampering');
        expect(result.ok).toBe(false);
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('shows a cut tail, a cut beginning and an emptied log', async () => {
    dropTriggers();
    const after = async (sql: string): Promise<AuditVerification> => {
      db.exec('SAVEPOINT cut');
      db.exec(sql);
      const result = await verify();
      db.exec('ROLLBACK TO cut; RELEASE cut');
      return result;
    };
    expect(await after('DELETE FROM audit WHERE sequence > 140')).toMatchObject({
      ok: false,
      atSequence: 141,
    });
    expect(await after('DELETE FROM audit WHERE sequence < 64')).toMatchObject({ ok: false, atSequence: 64 });
    expect(await after('DELETE FROM audit')).toMatchObject({ ok: false, atSequence: 1 });
    const rewritten = await after(
      "UPDATE audit_checkpoint SET kind = 'pruned-to' WHERE sequence = 64; DELETE FROM audit WHERE sequence < 64",
    );
    expect(rewritten).toMatchObject({ ok: false, problem: "the checkpoint's signature is wrong" });
  });

  it('needs the public keys that signed it', async () => {
    const old = readFileSync(path('b.db.audit-key.pub.pem'), 'utf8');
    const store = await open({
      auditSigningKey: generateKeyPairSync('ed25519').privateKey,
      clock: () => baseMs,
    });
    await fillAudit(() => store, 50, 500);
    expect(await store.verifyAudit()).toMatchObject({ ok: false, atSequence: 64 });
    expect(await store.verifyAudit({ trustedKeys: [old] })).toMatchObject({ ok: true, entries: count + 50 });
  });
});

type Tampering =
  | { readonly kind: 'alter'; readonly sequence: number; readonly column: (typeof columns)[number] }
  | { readonly kind: 'alter checkpoint'; readonly sequence: number; readonly column: string }
  | { readonly kind: 'delete' | 'swap' | 'insert' | 'delete checkpoint'; readonly sequence: number };

function tamper(db: Database.Database, act: Tampering): void {
  switch (act.kind) {
    case 'alter':
      db.exec(`UPDATE audit SET ${act.column} = ${altered(act.column)} WHERE sequence = ${act.sequence}`);
      return;
    case 'alter checkpoint':
      db.exec(
        `UPDATE audit_checkpoint SET ${act.column} = ${altered(act.column)} WHERE sequence = ${act.sequence}`,
      );
      return;
    case 'delete':
      db.exec(`DELETE FROM audit WHERE sequence = ${act.sequence}`);
      return;
    case 'delete checkpoint':
      db.exec(`DELETE FROM audit_checkpoint WHERE sequence = ${act.sequence}`);
      return;
    case 'swap':
      db.exec(`UPDATE audit SET sequence = -1 WHERE sequence = ${act.sequence};
        UPDATE audit SET sequence = ${act.sequence} WHERE sequence = ${act.sequence + 1};
        UPDATE audit SET sequence = ${act.sequence + 1} WHERE sequence = -1`);
      return;
    case 'insert':
      db.exec(`UPDATE audit SET sequence = -sequence - 1 WHERE sequence >= ${act.sequence};
        UPDATE audit SET sequence = -sequence WHERE sequence < 0;
        INSERT INTO audit SELECT ${act.sequence}, at_ms, project, actor, authentication, action, deployment_id, detail,
          previous_hash, hash FROM audit WHERE sequence = ${act.sequence + 1}`);
      return;
  }
}

/** Another value of the same type. */
function altered(column: string): string {
  if (column === 'at_ms') return 'at_ms + 1';
  if (column === 'deployment_id') return "CASE WHEN deployment_id IS NULL THEN 'd-1' END";
  if (column === 'detail') return "replace(detail, '{', '{ ')";
  if (column === 'kind') return "'pruned-to'";
  return `'0' || ${column}`;
}
