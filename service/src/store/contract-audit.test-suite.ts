import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../domain/audit.js';
import { anAuditEntry, baseMs } from './contract-fixtures.js';
import type { CurrentStore, Reopen } from './contract-subject.js';

/** Appends `count` entries, several in one transaction. */
export async function fillAudit(current: CurrentStore, count: number, from = 1): Promise<void> {
  await current().transaction(async (tx) => {
    for (let number = from; number < from + count; number += 1) {
      await tx.appendAudit(anAuditEntry(number, number % 3 === 0 ? { deploymentId: 'd-1' } : {}));
    }
  });
}

/** The audit log as the port shows it; tampering is tested where the rows can be reached. */
export function auditContract(current: CurrentStore, reopen: Reopen): void {
  describe('audit', () => {
    it('is a chain of hashes that anybody can recompute', async () => {
      await fillAudit(current, 3);
      const entries = await current().audit({ limit: 10 });
      expect(entries.map((entry) => entry.sequence)).toEqual([1, 2, 3]);
      expect(entries.map((entry) => entry.previousHash)).toEqual([
        '0'.repeat(64),
        entries[0]?.hash,
        entries[1]?.hash,
      ]);
      // Written out by hand: keys in alphabetical order at every depth.
      const canonical =
        `{"action":"deployment.start","actor":"p-1","atMs":${baseMs + 1},"authentication":"token:t-1",` +
        '"detail":{"nested":{"a":["x"],"b":1},"number":1},"project":"shop","sequence":1}';
      const expected = createHash('sha256').update('0'.repeat(64)).update(canonical).digest('hex');
      expect(entries[0]?.hash).toBe(expected);
    });

    it('is read in pages and by deployment', async () => {
      await fillAudit(current, 10);
      const sequences = (entries: readonly AuditEntry[]) => entries.map((entry) => entry.sequence);
      expect(sequences(await current().audit({ afterSequence: 4, limit: 3 }))).toEqual([5, 6, 7]);
      expect(sequences(await current().audit({ deploymentId: 'd-1', limit: 9 }))).toEqual([3, 6, 9]);
      expect(sequences(await current().audit({ deploymentId: 'd-1', limit: 9, afterSequence: 3 }))).toEqual([
        6, 9,
      ]);
    });

    it('verifies, with a checkpoint at every 64th entry and where one is asked for', async () => {
      expect(await current().verifyAudit()).toEqual({ ok: true, entries: 0, checkpoints: 0 });
      expect(await current().checkpointAudit()).toBeUndefined();
      await fillAudit(current, 150);
      expect(await current().verifyAudit()).toEqual({ ok: true, entries: 150, checkpoints: 2 });
      const [newest] = await current().audit({ afterSequence: 149, limit: 1 });
      const checkpoint = await current().checkpointAudit();
      expect(checkpoint).toMatchObject({ sequence: 150, hash: newest?.hash });
      expect(await current().checkpointAudit()).toEqual(checkpoint);
      await reopen();
      await fillAudit(current, 50, 151);
      expect(await current().verifyAudit()).toEqual({ ok: true, entries: 200, checkpoints: 4 });
    });

    it('verifies while entries are being written', async () => {
      await fillAudit(current, 600);
      const verifying = current().verifyAudit();
      for (let round = 0; round < 20; round += 1) await fillAudit(current, 13, 1_000 + round * 13);
      expect(await verifying).toMatchObject({ ok: true });
    });

    it('hashes what will be read back', async () => {
      const odd = {
        when: new Date(0),
        missing: undefined,
        infinite: Infinity,
        ['__proto__']: 1,
        text: 'é\u2028',
      };
      const entry = await current().transaction((tx) => tx.appendAudit(anAuditEntry(1, { detail: odd })));
      expect(await current().audit({ limit: 1 })).toEqual([entry]);
      expect(await current().verifyAudit()).toMatchObject({ ok: true });
    });
  });
}
