import { describe, expect, it } from 'vitest';
import { aBatch, aDeployment, anAuditEntry, baseMs } from './contract-fixtures.js';
import type { CurrentStore, Reopen } from './contract-subject.js';
import type { Transaction } from './port.js';

/** Atomicity, isolation and the traps around both. */
export function transactionContract(current: CurrentStore, reopen: Reopen): void {
  describe('transactions', () => {
    it('write everything or nothing', async () => {
      const failing = current().transaction(async (tx) => {
        await tx.insertDeployment(aDeployment('d-1'));
        await tx.appendAudit(anAuditEntry(1));
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      await reopen();
      expect(await current().deployment('d-1')).toBeUndefined();
      expect(await current().audit({ limit: 10 })).toEqual([]);
    });

    it('see their own writes, which nobody else sees before they end', async () => {
      let entered: () => void = () => undefined;
      let leave: () => void = () => undefined;
      const inside = new Promise<void>((resolve) => (entered = resolve));
      const released = new Promise<void>((resolve) => (leave = resolve));
      const running = current().transaction(async (tx) => {
        await tx.insertDeployment(aDeployment('d-1'));
        expect(await tx.deployment('d-1')).toBeDefined();
        entered();
        await released;
      });
      await inside;
      expect(await current().deployment('d-1')).toBeUndefined();
      leave();
      await running;
      expect(await current().deployment('d-1')).toBeDefined();
    });

    it('are serialised: no update is lost', async () => {
      await current().transaction((tx) => tx.insertDeployment(aDeployment('d-1')));
      const bump = (): Promise<void> =>
        current().transaction(async (tx) => {
          const now = await tx.deployment('d-1');
          if (now === undefined) throw new Error('it was there');
          await new Promise((resolve) => setTimeout(resolve, 1));
          await tx.updateDeployment({ ...now, revision: now.revision + 1 });
        });
      await Promise.all(Array.from({ length: 10 }, bump));
      expect(await current().deployment('d-1')).toMatchObject({ revision: 11 });
    });

    it('say so at once when the store is used inside instead of waiting for ever', async () => {
      const store = current();
      const misuses: (() => Promise<unknown>)[] = [
        () => store.transaction(() => Promise.resolve()),
        () => store.deployment('d-1'),
        () => store.samples.append([aBatch([[baseMs, 1]])]),
        () => store.checkpointAudit(),
      ];
      for (const misuse of misuses) {
        await expect(store.transaction(misuse)).rejects.toThrow('inside a transaction');
      }
      await store.transaction((tx) => tx.insertDeployment(aDeployment('d-1')));
      expect(await store.deployment('d-1')).toBeDefined();
    });

    it('cannot be used when they are over', async () => {
      let leaked: Transaction | undefined;
      await current().transaction((tx) => {
        leaked = tx;
        return Promise.resolve();
      });
      await expect(leaked?.insertDeployment(aDeployment('d-1'))).rejects.toThrow('over');
    });
  });
}
