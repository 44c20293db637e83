import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aBatch, anAuditEntry, baseMs } from '../contract-fixtures.js';
import { StoreError, type Store } from '../port.js';
import { temporaryStores } from './temporary-directory.test-support.js';

const { path, open } = temporaryStores();

/** Pushes and audits until the disk is full; returns how many rounds were acknowledged. */
async function fill(store: Store): Promise<number> {
  for (let round = 0; ; round += 1) {
    try {
      await store.transaction(async (tx) => {
        await tx.appendAudit(anAuditEntry(round));
        await tx.putBlob(randomBytes(20_000));
      });
      await store.samples.append([aBatch([[baseMs + round, round]])]);
    } catch (error) {
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ code: 'disk-full', retryable: true });
      return round;
    }
  }
}

async function expectAll(store: Store, rounds: number): Promise<void> {
  const result = await store.verifyAudit();
  expect(result.ok).toBe(true);
  // The round that failed may have failed at its second half.
  expect((await store.audit({ limit: 10_000 })).length - rounds).toBeLessThanOrEqual(1);
  const [series] = await store.samples.read({
    project: 'shop',
    metric: 'latency_seconds',
    labels: {},
    fromMs: 0,
    toMs: 1e14,
  });
  expect(Array.from(series?.values ?? [])).toEqual(Array.from({ length: rounds }, (_, round) => round));
}

describe('a full disk', () => {
  it('is reported, loses nothing, and is over when there is space again', async () => {
    const store = await open({ maxPages: 150 });
    const rounds = await fill(store);
    expect(rounds).toBeGreaterThan(10);
    await expectAll(store, rounds);
    // Again at once: one failure must not leave anything behind.
    await expect(store.transaction((tx) => tx.putBlob(randomBytes(100_000)))).rejects.toMatchObject({
      code: 'disk-full',
    });
    await store.close();
    const larger = await open();
    await expectAll(larger, rounds);
    await larger.transaction((tx) => tx.putBlob(randomBytes(100_000)));
  });

  it.skipIf(!canMount())('is the same on a file system without space', async () => {
    const directory = path('small');
    mkdirSync(directory);
    execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', directory]);
    try {
      const ballast = join(directory, 'ballast');
      writeFileSync(ballast, randomBytes(1_000_000));
      const store = await open({ file: join(directory, 'b.db') });
      const rounds = await fill(store);
      await expectAll(store, rounds);
      rmSync(ballast);
      await store.samples.append([aBatch([[baseMs + rounds, rounds]])]);
      await expectAll(store, rounds + 1);
      await store.close();
    } finally {
      execFileSync('/usr/bin/umount', ['-l', directory]);
    }
  });
});

/** Needs root, and a system that lets root mount. */
function canMount(): boolean {
  try {
    execFileSync('/usr/bin/unshare', ['--mount', '/usr/bin/mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {
      stdio: 'ignore',
    });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}
