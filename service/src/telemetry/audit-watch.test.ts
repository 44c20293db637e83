import { expect, it } from 'vitest';
import { anAuditEntry, baseMs } from '../store/contract-fixtures.js';
import type { AuditVerification } from '../store/port.js';
import { temporaryStores } from '../store/sqlite/temporary-directory.test-support.js';
import { createAuditWatch, type AuditWatchParts } from './audit-watch.js';

const stores = temporaryStores();

function watchOver(store: AuditWatchParts['store']) {
  const said: string[] = [];
  const log = {
    error: (_fields: object, message: string) => void said.push(`error: ${message}`),
    warn: (_fields: object, message: string) => void said.push(`warn: ${message}`),
  };
  return { watch: createAuditWatch({ store, log, clock: () => 5 }), said };
}

it('signs what is unsigned and finds a real chain whole', async () => {
  const store = await stores.open();
  await store.transaction((tx) => tx.appendAudit(anAuditEntry(1)));
  expect((await store.statistics()).oldestUnsignedAtMs).toBe(baseMs + 1);
  const { watch, said } = watchOver(store);
  expect(watch.last()).toBeUndefined();
  await watch.check();
  expect(watch.last()).toEqual({ ok: true, atMs: 5 });
  expect((await store.statistics()).oldestUnsignedAtMs).toBeUndefined();
  expect(said).toEqual([]);
});

it('says loudly that the chain is broken', async () => {
  const broken: AuditVerification = { ok: false, atSequence: 7, problem: 'the entry was altered' };
  const { watch, said } = watchOver({
    checkpointAudit: () => Promise.resolve(undefined),
    verifyAudit: () => Promise.resolve(broken),
  });
  await watch.check();
  expect(watch.last()).toEqual({ ok: false, atMs: 5 });
  expect(said[0]).toContain('error: the audit log is broken');
});

it('keeps the last result when the store cannot be read', async () => {
  const { watch, said } = watchOver({
    checkpointAudit: () => Promise.reject(new Error('disk full')),
    verifyAudit: () => Promise.resolve({ ok: true, entries: 0, checkpoints: 0 }),
  });
  await watch.check();
  expect(watch.last()).toBeUndefined();
  expect(said[0]).toContain('warn: the audit log could not be checked');
});
