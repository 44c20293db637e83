import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { describe, expect, it } from 'vitest';
import { aCheck, aHold, aNote } from '../../contract-collaboration.test-suite.js';
import { aFeedback } from '../../contract-tuning.test-suite.js';
import { aDeployment, anAuditEntry, aRollback, aVerdict, aWatch, baseMs } from '../../contract-fixtures.js';
import type { Feedback } from '../../../domain/feedback.js';
import { auditKey } from '../../sql/audit/signing-key.js';
import { sqlTransaction } from '../../sql/sql-transaction.js';
import type { Tables } from '../../sql/tables.js';
import { keyBeside } from '../audit-key-file.js';
import { sqliteDialect } from '../sqlite-dialect.js';
import { temporaryStores } from '../temporary-directory.test-support.js';
import { initial } from './0001-initial.js';
import { checksum, migrate, migrations } from './migrate.js';

const { path, open } = temporaryStores();

/** A database as the first release left it: its schema, and rows that its code wrote. */
async function databaseOfFirstRelease(): Promise<void> {
  // The settings of a new file (page size, application id) are made where every connection is.
  await (await open()).close();
  const db = new Database(path('b.db'));
  const later = [
    'deployment_check',
    'note',
    'incident',
    'acknowledgement',
    'hold',
    'tuning_reset',
    'fresh_check',
  ];
  for (const table of [...later, 'migration']) db.exec(`DROP TABLE ${table}`);
  expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%hold%'").pluck().get()).toBe(0);
  db.exec(
    'CREATE TABLE migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT',
  );
  db.prepare('INSERT INTO migration VALUES (1, ?, ?, ?)').run(initial.name, checksum(initial), baseMs);
  expect(schemaOf(db)).toEqual(freshSchema());
  const key = auditKey(keyBeside(path('b.db')));
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(db) });
  await kysely.transaction().execute(async (trx) => {
    const tx = sqlTransaction(() => trx, { clock: () => baseMs, key, onForget: () => undefined });
    await tx.insertDeployment(aDeployment('d-1'));
    await tx.insertWatch(aWatch('w-1', 'd-1'));
    await tx.insertVerdict(aVerdict('d-1', 1));
    await tx.insertRollback(aRollback('r-1', 'd-1'));
    // As that release wrote it, without an id.
    const { id: _none, ...entry } = aFeedback('f-1', 'd-1', { judgement: 'wrong' });
    await tx.insertFeedback(entry as Feedback);
    for (let n = 1; n <= 3; n++) await tx.appendAudit(anAuditEntry(n));
  });
  db.close();
}

function schemaOf(db: Database.Database): unknown {
  return db.prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();
}

/** What the first migration alone makes, on its own code path. */
function freshSchema(): unknown {
  const db = new Database(':memory:');
  migrate(db, 'memory', baseMs, [initial]);
  const schema = schemaOf(db) as { readonly name: string; readonly sql: string }[];
  db.close();
  return schema.map((one) =>
    one.name === 'migration' ? { ...one, sql: one.sql.replace('IF NOT EXISTS ', '') } : one,
  );
}

describe('a database of the first release', () => {
  it('is brought to this one when it is opened, with everything that was in it', async () => {
    await databaseOfFirstRelease();
    const store = await open();
    expect(await store.deployment('d-1')).toEqual(aDeployment('d-1'));
    expect(await store.latestVerdict('d-1')).toEqual(aVerdict('d-1', 1));
    expect(await store.watches({ state: 'watching' })).toEqual([aWatch('w-1', 'd-1')]);
    expect(await store.rollbacks('d-1')).toEqual([aRollback('r-1', 'd-1')]);
    expect(await store.feedback('d-1')).toEqual([aFeedback('feedback-1', 'd-1', { judgement: 'wrong' })]);
    expect(await store.verifyAudit()).toMatchObject({ ok: true, entries: 3 });
    expect([await store.checks('d-1'), await store.hold('d-1')]).toEqual([[], undefined]);
    await store.transaction(async (tx) => {
      await tx.putCheck(aCheck('d-1'));
      await tx.insertNote(aNote('n-1', 'd-1'));
      await tx.setHold(aHold('d-1'));
    });
    await store.close();
    expect(await (await open()).checks('d-1')).toEqual([aCheck('d-1')]);
    const db = new Database(path('b.db'), { readonly: true });
    expect(db.prepare('SELECT version FROM migration ORDER BY version').pluck().all()).toEqual(
      migrations.map(({ version }) => version),
    );
    db.close();
  });

  it('keeps the first migration as it was released', () => {
    expect(checksum(initial)).toBe('cb0d5fadc3135b0f1093beb05944bd75698924bf838349019981eb2a8a1cd197');
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('is left as it was when a later migration fails', () => {
    const db = new Database(':memory:');
    migrate(db, 'memory', baseMs, [initial]);
    const before = schemaOf(db);
    const broken = { version: 2, name: 'broken', sql: 'CREATE TABLE fine (a); CREATE TABLE deployment (a);' };
    expect(() => {
      migrate(db, 'memory', baseMs, [initial, broken]);
    }).toThrow('already exists');
    expect(schemaOf(db)).toEqual(before);
    db.close();
  });
});
