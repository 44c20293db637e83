import { copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aBatch, anAuditEntry, baseMs } from '../contract-fixtures.js';
import type { Store } from '../port.js';
import { temporaryStores } from './temporary-directory.test-support.js';

const { path, open } = temporaryStores();

async function writeRound(store: Store, round: number): Promise<void> {
  await store.transaction((tx) => tx.appendAudit(anAuditEntry(round)));
  await store.samples.append([aBatch([[baseMs + round, round]])]);
  await new Promise((resolve) => setImmediate(resolve));
}

async function sampleCount(store: Store): Promise<number> {
  const query = { project: 'shop', metric: 'latency_seconds', labels: {}, fromMs: 0, toMs: 1e14 };
  const [series] = await store.samples.read(query);
  return series?.timesMs.length ?? 0;
}

describe('a backup', () => {
  it('is consistent while the store is being written', async () => {
    const store = await open();
    await store.transaction((tx) =>
      tx.putBlob(Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * at) >> 7))),
    );
    for (let round = 0; round < 100; round += 1) await writeRound(store, round);
    const stop = new AbortController();
    const writing = (async () => {
      let round = 100;
      for (; !stop.signal.aborted; round += 1) await writeRound(store, round);
      return round;
    })();
    await store.backup(path('copy.db'));
    stop.abort();
    const written = await writing;
    expect(statSync(path('copy.db')).mode & 0o777).toBe(0o600);
    copyFileSync(path('b.db.audit-key.pem'), path('copy.db.audit-key.pem'));
    const copy = await open({ file: path('copy.db') });
    const audited = (await copy.audit({ limit: 100_000 })).length;
    const samples = await sampleCount(copy);
    expect(samples).toBeGreaterThanOrEqual(100);
    expect(samples).toBeLessThanOrEqual(written);
    // Each round audits first and pushes then; a copy of one instant shows at most one step between them.
    expect(audited - samples).toBeGreaterThanOrEqual(0);
    expect(audited - samples).toBeLessThanOrEqual(1);
    expect(await copy.verifyAudit()).toMatchObject({ ok: true, entries: audited });
    expect(await sampleCount(store)).toBe(written);
  });

  it('never overwrites a file', async () => {
    const store = await open();
    writeFileSync(path('taken'), 'precious');
    await expect(store.backup(path('taken'))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('another name') as unknown,
    });
    expect(statSync(path('taken')).size).toBe(8);
  });

  it('that fails leaves nothing behind', async () => {
    const store = await open();
    await expect(store.backup(path('nowhere/copy.db'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(existsSync(path('nowhere'))).toBe(false);
    expect(readdirSync(path('.')).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
