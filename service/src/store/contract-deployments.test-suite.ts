import { describe, expect, it } from 'vitest';
import type { Deployment } from '../domain/deployment.js';
import { aDeployment, aStep, aTick, aVerdict, aWatch, baseMs } from './contract-fixtures.js';
import type { CurrentStore, Reopen } from './contract-subject.js';
import type { DeploymentQuery } from './port.js';

/** Deployments, steps, watches, ticks and verdicts. */
export function deploymentContract(current: CurrentStore, reopen: Reopen): void {
  const insert = async (...all: readonly Deployment[]): Promise<void> => {
    await current().transaction(async (tx) => {
      for (const one of all) await tx.insertDeployment(one);
    });
  };
  const ids = async (query: Partial<DeploymentQuery>): Promise<readonly string[]> =>
    (await current().deployments({ project: 'shop', limit: 100, ...query })).items.map((item) => item.id);

  describe('deployments', () => {
    it('come back as they were written, also after a restart', async () => {
      const full = aDeployment('d-1', { migration: { reversible: false }, finishedAtMs: baseMs + 5 });
      await insert(full);
      await reopen();
      expect(await current().deployment('d-1')).toEqual(full);
      expect(await current().deployment('d-2')).toBeUndefined();
    });

    it('refuse an id twice and a stale revision, changing nothing', async () => {
      await insert(aDeployment('d-1'));
      await expect(insert(aDeployment('d-2'), aDeployment('d-1'))).rejects.toMatchObject({
        code: 'conflict',
      });
      expect(await current().deployment('d-2')).toBeUndefined();
      await current().transaction((tx) =>
        tx.updateDeployment(aDeployment('d-1', { revision: 2, state: 'finished' })),
      );
      const stale = aDeployment('d-1', { revision: 2, state: 'cancelled' });
      await expect(current().transaction((tx) => tx.updateDeployment(stale))).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('revision 1') as unknown,
      });
      expect(await current().deployment('d-1')).toMatchObject({ revision: 2, state: 'finished' });
    });

    it('are found by every filter', async () => {
      await insert(
        aDeployment('a', { startedAtMs: baseMs + 1 }),
        aDeployment('b', { startedAtMs: baseMs + 2, service: 'search', labels: { team: 'find', tier: '1' } }),
        aDeployment('c', { startedAtMs: baseMs + 3, environment: 'staging', state: 'finished' }),
        aDeployment('d', { startedAtMs: baseMs + 4, project: 'other' }),
      );
      await current().transaction(async (tx) => {
        await tx.insertVerdict(aVerdict('a', 1, { value: 'continue' }));
        await tx.insertVerdict(aVerdict('a', 2, { value: 'rollback' }));
        await tx.insertVerdict(aVerdict('b', 1, { value: 'continue' }));
      });
      expect(await ids({})).toEqual(['c', 'b', 'a']);
      expect(await ids({ project: 'other' })).toEqual(['d']);
      expect(await ids({ service: 'search' })).toEqual(['b']);
      expect(await ids({ environment: 'staging' })).toEqual(['c']);
      expect(await ids({ state: 'running' })).toEqual(['b', 'a']);
      expect(await ids({ verdict: 'rollback' })).toEqual(['a']);
      expect(await ids({ verdict: 'continue' })).toEqual(['b']);
      expect(await ids({ verdict: 'pending' })).toEqual(['c']);
      expect(await ids({ label: { name: 'team', value: 'find' } })).toEqual(['b']);
      expect(await ids({ label: { name: 'team', value: '1' } })).toEqual([]);
      expect(await ids({ fromMs: baseMs + 2, toMs: baseMs + 3 })).toEqual(['b']);
    });

    it('are found by their labels of now', async () => {
      await insert(aDeployment('a', { labels: { team: 'old' } }));
      await current().transaction((tx) =>
        tx.updateDeployment(aDeployment('a', { revision: 2, labels: { team: 'new' } })),
      );
      expect(await ids({ label: { name: 'team', value: 'old' } })).toEqual([]);
      expect(await ids({ label: { name: 'team', value: 'new' } })).toEqual(['a']);
    });

    it('are paged without gap or repetition while new ones arrive', async () => {
      const all = Array.from({ length: 23 }, (_, index) =>
        // Several start in the same millisecond: the id breaks the tie.
        aDeployment(`d-${String(index).padStart(2, '0')}`, { startedAtMs: baseMs + Math.floor(index / 4) }),
      );
      await insert(...all);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await current().deployments({ project: 'shop', limit: 5, ...(cursor && { cursor }) });
        seen.push(...page.items.map((item) => item.id));
        cursor = page.nextCursor;
        await insert(aDeployment(`new-${seen.length}`, { startedAtMs: baseMs + 1_000 }));
      } while (cursor !== undefined);
      expect(seen).toEqual(all.map((one) => one.id).reverse());
    });

    it('refuse a cursor that is none', async () => {
      for (const cursor of [
        'x',
        Buffer.from('[1]').toString('base64url'),
        Buffer.from('{}').toString('base64url'),
      ]) {
        await expect(current().deployments({ project: 'shop', limit: 1, cursor })).rejects.toMatchObject({
          code: 'invalid-cursor',
        });
      }
    });
  });

  it('keeps steps by index; the first end stays', async () => {
    await insert(aDeployment('d-1'));
    await current().transaction(async (tx) => {
      await tx.insertStep(aStep('d-1', 1));
      await tx.insertStep(aStep('d-1', 0));
      await tx.endStep('d-1', 0, baseMs + 50);
      await tx.endStep('d-1', 0, baseMs + 60);
    });
    const ended = { ...aStep('d-1', 0), endedAtMs: baseMs + 50 };
    expect(await current().steps('d-1')).toEqual([ended, aStep('d-1', 1)]);
    for (const wrong of [aStep('d-1', 1), aStep('nobody', 0)]) {
      await expect(current().transaction((tx) => tx.insertStep(wrong))).rejects.toMatchObject({
        code: 'conflict',
      });
    }
    await expect(current().transaction((tx) => tx.endStep('d-1', 7, 1))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('keeps watches with their state and revision', async () => {
    await insert(aDeployment('d-1'), aDeployment('d-2'));
    await current().transaction(async (tx) => {
      await tx.insertWatch(aWatch('w-2', 'd-1', { startedAtMs: baseMs + 2, kind: 'recovery' }));
      await tx.insertWatch(aWatch('w-1', 'd-1', { carried: { peak: 1.5, criticalPeak: 0.25, p: 0.125 } }));
      await tx.insertWatch(aWatch('w-3', 'd-2'));
    });
    const done = aWatch('w-1', 'd-1', { revision: 2, state: 'decided', endedAtMs: baseMs + 9, lastLook: 3 });
    await current().transaction((tx) => tx.updateWatch(done));
    expect(await current().watch('w-1')).toEqual(done);
    expect((await current().watches({ deploymentId: 'd-1' })).map((one) => one.id)).toEqual(['w-1', 'w-2']);
    expect((await current().watches({ state: 'watching' })).map((one) => one.id)).toEqual(['w-3', 'w-2']);
    await expect(current().transaction((tx) => tx.updateWatch(done))).rejects.toMatchObject({
      code: 'conflict',
    });
    for (const wrong of [aWatch('w-1', 'd-1'), aWatch('w-4', 'nobody')]) {
      await expect(current().transaction((tx) => tx.insertWatch(wrong))).rejects.toMatchObject({
        code: 'conflict',
      });
    }
  });

  it('gives no look of a watch two ticks', async () => {
    await insert(aDeployment('d-1'));
    await current().transaction(async (tx) => {
      await tx.insertWatch(aWatch('w-1', 'd-1'));
      await tx.insertWatch(aWatch('w-2', 'd-1'));
      for (const look of [2, 1]) await tx.insertTick(aTick('w-1', look));
      await tx.insertTick(aTick('w-2', 1));
    });
    const again = { ...aTick('w-1', 2), value: 'rollback' };
    await expect(current().transaction((tx) => tx.insertTick(again))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('look 2') as unknown,
    });
    await expect(current().transaction((tx) => tx.insertTick(aTick('w-9', 1)))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await current().ticks('w-1')).toEqual([aTick('w-1', 1), aTick('w-1', 2)]);
  });

  it('keeps verdicts, newest first', async () => {
    await insert(aDeployment('d-1'), aDeployment('d-2'), aDeployment('d-3'));
    await current().transaction(async (tx) => {
      await tx.insertVerdict(aVerdict('d-1', 1));
      await tx.insertVerdict(aVerdict('d-1', 2, { value: 'rollback', confidence: 0.99 }));
      await tx.insertVerdict(aVerdict('d-2', 1));
    });
    const newest = aVerdict('d-1', 2, { value: 'rollback', confidence: 0.99 });
    expect(await current().verdicts('d-1')).toEqual([newest, aVerdict('d-1', 1)]);
    expect(await current().latestVerdict('d-1')).toEqual(newest);
    expect(await current().latestVerdict('d-3')).toBeUndefined();
    const latest = await current().latestVerdicts(['d-1', 'd-2', 'd-3']);
    expect([...latest.keys()].sort()).toEqual(['d-1', 'd-2']);
    expect(latest.get('d-1')).toEqual(newest);
    const again = aVerdict('d-1', 2, { id: 'another' });
    await expect(current().transaction((tx) => tx.insertVerdict(again))).rejects.toMatchObject({
      code: 'conflict',
    });
  });
}
