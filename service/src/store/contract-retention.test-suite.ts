import { describe, expect, it } from 'vitest';
import { aBatch, aDeployment, aMessage, aTick, aVerdict, aWatch, baseMs } from './contract-fixtures.js';
import { fillAudit } from './contract-audit.test-suite.js';
import type { CurrentStore, Reopen } from './contract-subject.js';
import type { Retention } from './port.js';

const dayMs = 86_400_000;
const forever: Retention = { samplesMs: 1e13, ticksMs: 1e13, evidenceMs: 1e13, auditMs: 1e13 };

/** What goes and what stays. The factory's clock stands at `baseMs`. */
export function retentionContract(current: CurrentStore, reopen: Reopen): void {
  describe('retention', () => {
    it('removes nothing that is young enough', async () => {
      await fillAudit(current, 130);
      await current().samples.append([aBatch([[baseMs, 1]])]);
      const removed = await current().prune(baseMs + dayMs, forever);
      expect(Object.values(removed).every((count) => count === 0)).toBe(true);
      expect(await current().verifyAudit()).toMatchObject({ ok: true, entries: 130 });
    });

    it('removes old samples and the series that are empty then', async () => {
      const minutes = (from: number) =>
        Array.from({ length: 100 }, (_, index) => [from + index * 60_000, index] as const);
      await current().samples.append([
        aBatch([...minutes(baseMs), ...minutes(baseMs + 2 * dayMs)]),
        aBatch(minutes(baseMs), { labels: { service: 'gone' } }),
      ]);
      const removed = await current().prune(baseMs + 3 * dayMs, { ...forever, samplesMs: 1.5 * dayMs });
      expect(removed).toMatchObject({ sample_chunk: 2, series: 1 });
      const query = { project: 'shop', metric: 'latency_seconds', labels: {}, fromMs: 0, toMs: baseMs * 2 };
      const left = await current().samples.read(query);
      expect(left.map((series) => series.timesMs.length)).toEqual([100]);
      expect(left[0]?.timesMs[0]).toBe(baseMs + 2 * dayMs);
      await reopen();
      expect(await current().samples.read(query)).toEqual(left);
      expect(
        await current().samples.append([aBatch([[baseMs, 1]], { labels: { service: 'gone' } })]),
      ).toEqual({
        stored: 1,
        replaced: 0,
      });
    });

    it('removes old ticks and no others', async () => {
      await current().transaction(async (tx) => {
        await tx.insertDeployment(aDeployment('d-1'));
        await tx.insertWatch(aWatch('w-1', 'd-1'));
        for (let look = 1; look <= 1_200; look += 1) await tx.insertTick(aTick('w-1', look));
      });
      const now = baseMs + 1_100 * 60_000 + dayMs;
      expect(await current().prune(now, { ...forever, ticksMs: dayMs })).toMatchObject({ tick: 1_099 });
      expect((await current().ticks('w-1'))[0]).toEqual(aTick('w-1', 1_100));
    });

    it('removes old evidence that nothing needs any more', async () => {
      const put = (text: string) => current().transaction((tx) => tx.putBlob(Buffer.from(text)));
      const [orphan, old, young, running, ended] = [
        await put('1'),
        await put('2'),
        await put('3'),
        await put('4'),
        await put('5'),
      ];
      const now = baseMs + 10 * dayMs;
      await current().transaction(async (tx) => {
        await tx.insertDeployment(aDeployment('d-1'));
        await tx.insertVerdict(aVerdict('d-1', 1, { evidenceHash: old, decidedAtMs: baseMs }));
        await tx.insertVerdict(aVerdict('d-1', 2, { evidenceHash: young, decidedAtMs: now - 1 }));
        await tx.insertWatch(aWatch('w-1', 'd-1', { snapshotHash: running }));
        await tx.insertWatch(
          aWatch('w-2', 'd-1', { snapshotHash: ended, state: 'decided', endedAtMs: baseMs }),
        );
      });
      expect(await current().prune(now, { ...forever, evidenceMs: dayMs })).toMatchObject({ blob: 3 });
      for (const hash of [orphan, old, ended]) expect(await current().blob(hash)).toBeUndefined();
      for (const hash of [young, running]) expect(await current().blob(hash)).toBeDefined();
    });

    it('removes delivered messages, never waiting ones, and old idempotency keys', async () => {
      await current().transaction(async (tx) => {
        await tx.enqueue(aMessage('m-1'));
        await tx.enqueue(aMessage('m-2'));
        await tx.saveIdempotent({
          project: 'shop',
          key: 'k',
          requestHash: 'h',
          status: 200,
          body: '',
          atMs: baseMs,
        });
      });
      const done = await current().outboxMessage('m-1');
      if (done === undefined) throw new Error('it was there');
      await current().transaction((tx) => tx.updateOutbox({ ...done, state: 'delivered' }));
      const removed = await current().prune(baseMs + 8 * dayMs, { ...forever, evidenceMs: dayMs });
      expect(removed).toMatchObject({ outbox: 1, idempotent: 1 });
      expect((await current().outbox({ limit: 9 })).map((message) => message.id)).toEqual(['m-2']);
    });

    it('prunes the audit log behind a checkpoint only, and the rest still verifies', async () => {
      await fillAudit(current, 200);
      // Entries 1 to 149 are old enough; the newest checkpoint behind that is at 128.
      const removed = await current().prune(baseMs + 150 + dayMs, { ...forever, auditMs: dayMs });
      expect(removed).toMatchObject({ audit: 127 });
      expect((await current().audit({ limit: 1 }))[0]?.sequence).toBe(128);
      expect(await current().verifyAudit()).toEqual({ ok: true, entries: 73, checkpoints: 2 });
      await fillAudit(current, 100, 201);
      await current().prune(baseMs + 10 * dayMs, { ...forever, auditMs: dayMs });
      await reopen();
      expect((await current().audit({ limit: 1 }))[0]?.sequence).toBe(256);
      await fillAudit(current, 1, 301);
      expect(await current().verifyAudit()).toMatchObject({ ok: true, entries: 46 });
    });
  });
}
