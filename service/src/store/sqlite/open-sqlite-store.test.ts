import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { aBatch, aDeployment, baseMs } from '../contract-fixtures.js';
import { openSqliteReader } from './open-sqlite-reader.js';
import { temporaryStores } from './temporary-directory.test-support.js';

const { path, open } = temporaryStores();
const mode = (file: string): number => statSync(file).mode & 0o777;

describe('opening the embedded store', () => {
  it('keeps everything from other users of the machine', async () => {
    const file = path('made/here/b.db');
    await open({ file });
    expect(mode(path('made'))).toBe(0o700);
    for (const suffix of ['', '-wal', '-shm', '.lock', '.audit-key.pem'])
      expect(mode(file + suffix)).toBe(0o600);
  });

  it('is durable and uses 8 kB pages', async () => {
    await open();
    const db = new Database(path('b.db'), { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('page_size', { simple: true })).toBe(8_192);
    db.close();
  });

  it('refuses a file that is open already, until it is closed', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('in use by another Bellwether process') as unknown,
    });
    await first.transaction((tx) => tx.insertDeployment(aDeployment('d-1')));
    await first.close();
    expect(await (await open()).deployment('d-1')).toBeDefined();
  });

  it('refuses a file that another process holds, until that is killed', async () => {
    await (await open()).close();
    const script = `const db = new (require(${JSON.stringify(createRequire(import.meta.url).resolve('better-sqlite3'))}))(${JSON.stringify(path('b.db.lock'))});
      db.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['-e', script]);
    await once(other.stdout, 'data');
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    other.kill('SIGKILL');
    await once(other, 'exit');
    await open();
  });

  it('lets others read meanwhile, and only read', async () => {
    const store = await open();
    await store.transaction((tx) => tx.insertDeployment(aDeployment('d-1')));
    const reader = openSqliteReader({ file: path('b.db') });
    expect(await reader.deployment('d-1')).toBeDefined();
    expect(await reader.verifyAudit()).toMatchObject({ ok: true });
    await store.transaction((tx) => tx.insertDeployment(aDeployment('d-2')));
    expect(await reader.deployment('d-2')).toBeDefined();
    await reader.backup(path('copy.db'));
    await reader.close();
    expect(await (await open({ file: path('copy.db') })).deployment('d-2')).toBeDefined();
    expect(() => openSqliteReader({ file: path('nowhere.db') })).toThrow('there is no database at');
  });

  it('leaves a database of a newer release untouched and says what to do', async () => {
    await (await open()).close();
    const db = new Database(path('b.db'));
    db.prepare('INSERT INTO migration VALUES (7, ?, ?, ?)').run('later', 'x', baseMs);
    db.close();
    const before = readFileSync(path('b.db'));
    await expect(open()).rejects.toMatchObject({
      code: 'newer-version',
      message: expect.stringMatching(/schema version 7.*up to 3.*newer release/u) as unknown,
    });
    expect(readFileSync(path('b.db')).equals(before)).toBe(true);
  });

  it('refuses a database whose history is another one', async () => {
    await (await open()).close();
    const db = new Database(path('b.db'));
    db.exec("UPDATE migration SET checksum = 'x'");
    db.close();
    await expect(open()).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('refuses what is no database, a database of somebody else, and a damaged one', async () => {
    writeFileSync(path('text.db'), 'not a database, but long enough to look at'.repeat(100));
    await expect(open({ file: path('text.db') })).rejects.toMatchObject({ code: 'corrupt' });

    const other = new Database(path('other.db'));
    other.exec('CREATE TABLE notes (text TEXT)');
    other.close();
    await expect(open({ file: path('other.db') })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('another program') as unknown,
    });

    await (await open()).close();
    const bytes = readFileSync(path('b.db'));
    bytes.fill(0xab, 3 * 8_192, 5 * 8_192);
    writeFileSync(path('b.db'), bytes);
    await expect(open()).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('refuses a place where it may not write, and an unusable signing key', async () => {
    writeFileSync(path('file'), '');
    await expect(open({ file: path('file/b.db') })).rejects.toMatchObject({ code: 'unavailable' });
    writeFileSync(path('b.db.audit-key.pem'), 'no key');
    await expect(open()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('audit signing key') as unknown,
    });
  });

  it('leaves no trace of a forgotten name in its files', async () => {
    const store = await open();
    const name = 'Zebulon Q. Unmistakable';
    const pseudonym = await store.transaction((tx) => tx.pseudonym(name));
    const holds = (file: string): boolean => readFileSync(path(file)).includes(name);
    expect(holds('b.db-wal')).toBe(true);
    await store.transaction((tx) => tx.forget(pseudonym));
    expect(holds('b.db') || holds('b.db-wal')).toBe(false);
  });

  it('lets other work in while it prunes', async () => {
    const store = await open();
    const points = Array.from({ length: 400 }, (_, index) => [baseMs + index * 600_000, index] as const);
    const batches = Array.from({ length: 60 }, (_, index) =>
      aBatch(points, { labels: { index: String(index) } }),
    );
    await store.samples.append(batches);
    let turns = 0;
    const stop = new AbortController();
    const others = (async () => {
      while (!stop.signal.aborted) {
        await new Promise((resolve) => setImmediate(resolve));
        await store.samples.append([aBatch([[baseMs * 2 + turns, 1]], { metric: 'other' })]);
        turns += 1;
      }
    })();
    const retention = { samplesMs: 1, ticksMs: 1, evidenceMs: 1, auditMs: 1 };
    await store.prune(baseMs * 1.5, retention);
    stop.abort();
    await others;
    expect(turns).toBeGreaterThan(3);
    const left = await store.samples.read({
      project: 'shop',
      metric: 'other',
      labels: {},
      fromMs: 0,
      toMs: 1e14,
    });
    expect(left[0]?.timesMs).toHaveLength(turns);
  });
});
