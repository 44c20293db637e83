import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Feedback } from '../domain/feedback.js';
import { IDEMPOTENT_FOR_MS, UNANSWERED, type IdempotentAnswer } from './port.js';
import { aDeployment, aMessage, aRollback, aToken, baseMs } from './contract-fixtures.js';
import type { CurrentStore } from './contract-subject.js';

/** Everything that belongs to a deployment or to the server and has no timeline of its own. */
export function recordContract(current: CurrentStore): void {
  describe('rollbacks', () => {
    it('are found by deployment and state; one deployment has at most one alive', async () => {
      await current().transaction(async (tx) => {
        await tx.insertDeployment(aDeployment('d-1'));
        await tx.insertDeployment(aDeployment('d-2'));
        await tx.insertRollback(aRollback('r-1', 'd-1'));
        await tx.insertRollback(aRollback('r-2', 'd-2', { state: 'executing' }));
      });
      const second = aRollback('r-3', 'd-1');
      await expect(current().transaction((tx) => tx.insertRollback(second))).rejects.toMatchObject({
        code: 'conflict',
      });
      const failed = aRollback('r-1', 'd-1', { revision: 2, state: 'failed', detail: 'timed out' });
      await current().transaction(async (tx) => {
        await tx.updateRollback(failed);
        await tx.insertRollback(second);
      });
      expect(await current().rollbacks('d-1')).toEqual([second, failed]);
      const alive = await current().rollbacksIn(['requested', 'executing']);
      expect(alive.map((one) => one.id)).toEqual(['r-2', 'r-3']);
      expect(await current().rollbacksIn([])).toEqual([]);
      await expect(current().transaction((tx) => tx.updateRollback(failed))).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('are counted where they were automatic, not refused and recent', async () => {
      await current().transaction(async (tx) => {
        await tx.insertDeployment(aDeployment('d-1'));
        await tx.insertDeployment(aDeployment('d-2', { project: 'other' }));
        const all = [
          aRollback('r-1', 'd-1', { state: 'executed', requestedAtMs: baseMs - 1 }),
          aRollback('r-2', 'd-1', { state: 'executed', requestedAtMs: baseMs }),
          aRollback('r-3', 'd-1', { state: 'refused', requestedAtMs: baseMs + 1 }),
          aRollback('r-4', 'd-1', { state: 'executed', requestedAtMs: baseMs + 1, automatic: false }),
          aRollback('r-5', 'd-1', { state: 'failed', requestedAtMs: baseMs + 2 }),
          aRollback('r-6', 'd-2', { state: 'executed', requestedAtMs: baseMs + 2 }),
        ];
        for (const one of all) await tx.insertRollback(one);
      });
      expect(await current().automaticRollbacksSince('shop', baseMs)).toBe(2);
      expect(await current().automaticRollbacksSince('nobody', baseMs)).toBe(0);
    });
  });

  it('keeps feedback in order', async () => {
    const judged = (judgement: 'right' | 'wrong', atMs: number): Feedback => ({
      ...{ id: `f-${atMs}`, deploymentId: 'd-1', verdictId: 'v-1', judgement, actor: 'p-1', atMs },
    });
    await current().transaction(async (tx) => {
      await tx.insertDeployment(aDeployment('d-1'));
      await tx.insertFeedback(judged('right', 1));
      await tx.insertFeedback(judged('wrong', 2));
    });
    expect(await current().feedback('d-1')).toEqual([judged('right', 1), judged('wrong', 2)]);
  });

  it('has every switch off until people set it', async () => {
    expect(await current().controls('shop')).toEqual({ killSwitch: false });
    const stopped = { killSwitch: true, killSwitchReason: 'incident', freezeUntilMs: baseMs };
    await current().transaction((tx) => tx.setControls('shop', stopped));
    expect(await current().controls('shop')).toEqual(stopped);
    await current().transaction((tx) => tx.setControls('shop', { killSwitch: false }));
    expect(await current().controls('shop')).toEqual({ killSwitch: false });
    expect(await current().controls('other')).toEqual({ killSwitch: false });
  });

  it('finds tokens by hash and remembers the first revocation', async () => {
    await current().transaction(async (tx) => {
      await tx.insertToken(aToken('t-1'));
      await tx.insertToken(aToken('t-2'));
      await tx.revokeToken('t-2', 5);
      await tx.revokeToken('t-2', 6);
    });
    expect(await current().tokenByHash('hash of t-1')).toEqual(aToken('t-1'));
    expect(await current().tokenByHash('hash')).toBeUndefined();
    expect(await current().tokens()).toEqual([aToken('t-1'), { ...aToken('t-2'), revokedAtMs: 5 }]);
    const sameHash = { ...aToken('t-3'), hash: 'hash of t-1' };
    await expect(current().transaction((tx) => tx.insertToken(sameHash))).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(current().transaction((tx) => tx.revokeToken('t-9', 1))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('keeps one pseudonym for a name until it is forgotten', async () => {
    const [ann, again, bob] = await current().transaction(
      async (tx) =>
        [
          await tx.pseudonym('Ann Example'),
          await tx.pseudonym('Ann Example'),
          await tx.pseudonym('Bob Example'),
        ] as const,
    );
    expect(again).toBe(ann);
    expect(bob).not.toBe(ann);
    expect(ann).not.toContain('Ann');
    expect(await current().personBehind(ann)).toBe('Ann Example');
    await current().transaction((tx) => tx.forget(ann));
    expect(await current().personBehind(ann)).toBeUndefined();
    expect(await current().personBehind(bob)).toBe('Bob Example');
    expect(await current().transaction((tx) => tx.pseudonym('Ann Example'))).not.toBe(ann);
  });

  it('hands out waiting messages by due time and others newest first', async () => {
    await current().transaction(async (tx) => {
      await tx.enqueue(aMessage('m-1', baseMs + 3));
      await tx.enqueue(aMessage('m-2', baseMs + 1));
      await tx.enqueue(aMessage('m-3', baseMs + 2));
    });
    const ids = async (
      query: Parameters<ReturnType<CurrentStore>['outbox']>[0],
    ): Promise<readonly string[]> => (await current().outbox(query)).map((message) => message.id);
    expect(await ids({ state: 'waiting', limit: 2 })).toEqual(['m-2', 'm-3']);
    const first = await current().outboxMessage('m-2');
    expect(first).toEqual({
      ...aMessage('m-2', baseMs + 1),
      state: 'waiting',
      attempts: 0,
      nextAttemptAtMs: baseMs + 1,
    });
    if (first === undefined) throw new Error('it was there');
    const later = { ...first, attempts: 1, nextAttemptAtMs: baseMs + 99, lastError: '500' };
    await current().transaction((tx) => tx.updateOutbox(later));
    expect(await ids({ state: 'waiting', limit: 9 })).toEqual(['m-3', 'm-1', 'm-2']);
    await current().transaction((tx) => tx.updateOutbox({ ...later, state: 'dead' }));
    expect(await ids({ state: 'dead', limit: 9 })).toEqual(['m-2']);
    expect(await ids({ limit: 2 })).toEqual(['m-3', 'm-2']);
    const twice = current().transaction((tx) => tx.enqueue(aMessage('m-1')));
    await expect(twice).rejects.toMatchObject({ code: 'conflict' });
    const unknown = current().transaction((tx) => tx.updateOutbox({ ...later, id: 'm-9' }));
    await expect(unknown).rejects.toMatchObject({ code: 'conflict' });
  });

  it('hands out the oldest message of each lane, and none while that one waits for a retry', async () => {
    const message = (id: string, endpoint: string, deploymentId: string) => ({
      ...aMessage(id),
      endpoint,
      deploymentId,
    });
    await current().transaction(async (tx) => {
      await tx.enqueue(message('m-1', 'a', 'd-1'));
      await tx.enqueue(message('m-2', 'a', 'd-1'));
      await tx.enqueue(message('m-3', 'b', 'd-1'));
      await tx.enqueue(message('m-4', 'a', 'd-2'));
    });
    const due = async (nowMs: number, limit = 9): Promise<readonly string[]> =>
      (await current().dueOutbox(nowMs, limit)).map((one) => one.id);
    expect(await due(baseMs - 1)).toEqual([]);
    expect(await due(baseMs)).toEqual(['m-1', 'm-3', 'm-4']);
    expect(await due(baseMs, 2)).toEqual(['m-1', 'm-3']);
    const first = await current().outboxMessage('m-1');
    if (first === undefined) throw new Error('it was there');
    await current().transaction((tx) => tx.updateOutbox({ ...first, nextAttemptAtMs: baseMs + 10 }));
    expect(await due(baseMs)).toEqual(['m-3', 'm-4']);
    expect(await due(baseMs + 10)).toEqual(['m-1', 'm-3', 'm-4']);
    await current().transaction((tx) => tx.updateOutbox({ ...first, state: 'delivered' }));
    expect(await due(baseMs)).toEqual(['m-2', 'm-3', 'm-4']);
  });

  it('answers an idempotency key once', async () => {
    const answer: IdempotentAnswer = {
      project: 'shop',
      key: 'k',
      requestHash: 'h',
      status: 201,
      body: '{}',
      atMs: 1,
    };
    await current().transaction((tx) => tx.saveIdempotent(answer));
    expect(await current().idempotent('shop', 'k')).toEqual(answer);
    expect(await current().idempotent('other', 'k')).toBeUndefined();
    const twice = current().transaction((tx) => tx.saveIdempotent({ ...answer, status: 500 }));
    await expect(twice).rejects.toMatchObject({ code: 'conflict' });
    const dayLater = { ...answer, status: 202, atMs: answer.atMs + IDEMPOTENT_FOR_MS };
    await current().transaction((tx) => tx.saveIdempotent(dayLater));
    expect(await current().idempotent('shop', 'k')).toEqual(dayLater);
  });

  it('keeps the answer of a request in place of the word that it was carried out, and no other', async () => {
    const done = { project: 'shop', key: 'k', requestHash: 'h', status: UNANSWERED, body: '{}', atMs: 1 };
    const save = (answer: IdempotentAnswer) => current().transaction((tx) => tx.saveIdempotent(answer));
    await save(done);
    await expect(save({ ...done, requestHash: 'other', status: 201 })).rejects.toMatchObject({
      code: 'conflict',
    });
    await save({ ...done, status: 201 });
    expect(await current().idempotent('shop', 'k')).toEqual({ ...done, status: 201 });
    await expect(save({ ...done, status: 202 })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('stores content once under its hash', async () => {
    const content = Buffer.concat([randomBytes(1_000), Buffer.alloc(50_000, 'text')]);
    const [first, second, empty] = await current().transaction(
      async (tx) =>
        [
          await tx.putBlob(content),
          await tx.putBlob(Buffer.from(content)),
          await tx.putBlob(new Uint8Array()),
        ] as const,
    );
    expect(first).toMatch(/^[0-9a-f]{64}$/u);
    expect(second).toBe(first);
    expect(Buffer.from((await current().blob(first)) ?? [])).toEqual(content);
    expect(await current().blob(empty)).toHaveLength(0);
    expect(await current().blob('0'.repeat(64))).toBeUndefined();
  });
}
