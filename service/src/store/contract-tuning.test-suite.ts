import { describe, expect, it } from 'vitest';
import type { Place } from '../domain/deployment.js';
import type { Feedback } from '../domain/feedback.js';
import type { FreshCheck } from '../domain/fresh-check.js';
import type { TuningReset } from '../domain/tuning.js';
import { aDeployment, aVerdict, baseMs } from './contract-fixtures.js';
import type { CurrentStore, Reopen } from './contract-subject.js';

const cart: Place = { project: 'shop', service: 'cart', environment: 'production' };

export function aFeedback(id: string, deploymentId: string, over: Partial<Feedback> = {}): Feedback {
  return { id, deploymentId, verdictId: 'v-1', judgement: 'right', actor: 'p-1', atMs: baseMs, ...over };
}

export function aFreshCheck(momentMs: number, over: Partial<FreshCheck> = {}): FreshCheck {
  return {
    ...cart,
    momentMs,
    checkedAtMs: momentMs + 1,
    outcome: 'quiet',
    alpha: 0.05,
    p: 0.4,
    guarantee: 'placebo',
    policy: 'default',
    engineVersion: '1',
    ...over,
  };
}

/** What a service's releases taught, and how often its quiet moments are rolled back. */
export function tuningContract(current: CurrentStore, reopen: Reopen): void {
  describe('what is learned of a service', () => {
    it('is read off its newest releases, their settled verdicts and what was said of them', async () => {
      await current().transaction(async (tx) => {
        await tx.insertDeployment(aDeployment('d-1'));
        await tx.insertDeployment(aDeployment('d-2', { startedAtMs: baseMs + 1 }));
        await tx.insertDeployment(aDeployment('d-3', { startedAtMs: baseMs + 2, rollbackOf: 'd-2' }));
        await tx.insertDeployment(aDeployment('d-4', { startedAtMs: baseMs + 3, environment: 'staging' }));
        for (const [sequence, value] of (
          ['pending', 'continue', 'rollback', 'superseded'] as const
        ).entries())
          await tx.insertVerdict(aVerdict('d-2', sequence + 1, { value }));
        await tx.insertFeedback(aFeedback('f-1', 'd-2'));
        await tx.insertFeedback(aFeedback('f-2', 'd-2'));
        await tx.insertFeedback(aFeedback('f-3', 'd-4'));
      });
      const releases = await current().judgedReleases(cart, 10);
      expect(releases.map(({ deploymentId, startedAtMs }) => [deploymentId, startedAtMs])).toEqual([
        ['d-2', baseMs + 1],
        ['d-1', baseMs],
      ]);
      const settled = (sequence: number, value: 'continue' | 'rollback') => {
        const { id, rule, harmProbability } = aVerdict('d-2', sequence);
        return { deploymentId: 'd-2', id, value, rule, harmProbability };
      };
      // No more of them: findings and explanations of a hundred releases would hold everything else up.
      expect(releases[0]?.verdicts).toEqual([settled(3, 'rollback'), settled(2, 'continue')]);
      expect(releases[0]?.feedback).toEqual([aFeedback('f-1', 'd-2'), aFeedback('f-2', 'd-2')]);
      expect(releases[1]).toMatchObject({ verdicts: [], feedback: [] });
      expect(await current().judgedReleases(cart, 1)).toHaveLength(1);
      expect(await current().judgedReleases({ ...cart, service: 'nobody' }, 10)).toEqual([]);
    });

    it('is counted over time: releases of a range with their first verdict and what was said of them', async () => {
      const at = (minutes: number) => baseMs + minutes * 60_000;
      await current().transaction(async (tx) => {
        await tx.insertDeployment(aDeployment('d-1', { startedAtMs: at(0) }));
        await tx.insertDeployment(aDeployment('d-2', { startedAtMs: at(1), state: 'rolled-back' }));
        await tx.insertDeployment(aDeployment('d-3', { startedAtMs: at(2), rollbackOf: 'd-2' }));
        await tx.insertDeployment(aDeployment('d-4', { startedAtMs: at(3), service: 'search' }));
        await tx.insertDeployment(aDeployment('d-5', { startedAtMs: at(4) }));
        for (const [sequence, value] of (['pending', 'inconclusive', 'rollback'] as const).entries())
          await tx.insertVerdict(
            aVerdict('d-2', sequence + 1, { id: `v-${sequence}`, value, decidedAtMs: at(10 + sequence) }),
          );
        await tx.insertFeedback(aFeedback('f-1', 'd-2', { verdictId: 'v-2' }));
        await tx.insertFeedback(aFeedback('f-2', 'd-2', { verdictId: 'gone' }));
      });
      const range = { fromMs: at(0), toMs: at(4), limit: 10 };
      const outcomes = await current().releaseOutcomes(cart, range);
      expect(outcomes).toEqual([
        {
          ...{ deploymentId: 'd-2', startedAtMs: at(1), state: 'rolled-back', verdict: 'rollback' },
          firstVerdictAtMs: at(11),
          feedback: [
            aFeedback('f-1', 'd-2', { verdictId: 'v-2' }),
            aFeedback('f-2', 'd-2', { verdictId: 'gone' }),
          ],
          verdicts: [{ id: 'v-2', value: 'rollback' }],
        },
        {
          ...{ deploymentId: 'd-1', startedAtMs: at(0), state: 'running', verdict: 'pending' },
          ...{ feedback: [], verdicts: [] },
        },
      ]);
      expect(await current().releaseOutcomes(cart, { ...range, limit: 1 })).toHaveLength(1);
      expect(await current().releaseOutcomes(cart, { ...range, fromMs: at(4), toMs: at(4) })).toEqual([]);
    });

    it('names the places that live', async () => {
      await current().transaction(async (tx) => {
        for (const id of ['d-1', 'd-2']) await tx.insertDeployment(aDeployment(id));
        const later = { startedAtMs: baseMs + 9, service: 'search' };
        await tx.insertDeployment(aDeployment('d-3', later));
      });
      const search = { ...cart, service: 'search' };
      expect(await current().places({})).toEqual([cart, search]);
      expect(await current().places({ project: 'shop', service: 'cart' })).toEqual([cart]);
      expect(await current().places({ sinceMs: baseMs + 9 })).toEqual([search]);
      expect(await current().places({ project: 'other' })).toEqual([]);
    });

    it('remembers the last reset of each place, also after a restart', async () => {
      const reset = (atMs: number): TuningReset => ({ ...cart, reason: 'r', actor: 'p-1', atMs });
      await current().transaction(async (tx) => {
        await tx.insertTuningReset(reset(1));
        await tx.insertTuningReset(reset(2));
      });
      await reopen();
      expect(await current().tuningReset(cart)).toEqual(reset(2));
      expect(await current().tuningReset({ ...cart, environment: 'staging' })).toBeUndefined();
    });

    it('keeps the newest 500 checks of a place, each moment once', async () => {
      await current().transaction(async (tx) => {
        for (let n = 0; n < 502; n++) await tx.insertFreshCheck(aFreshCheck(baseMs + n));
        await tx.insertFreshCheck(aFreshCheck(baseMs, { service: 'search' }));
      });
      await expect(
        current().transaction((tx) => tx.insertFreshCheck(aFreshCheck(baseMs + 7))),
      ).rejects.toMatchObject({ code: 'conflict' });
      await reopen();
      const kept = await current().freshChecks(cart);
      expect([kept.length, kept[0], kept.at(-1)?.momentMs]).toEqual([
        500,
        aFreshCheck(baseMs + 501),
        baseMs + 2,
      ]);
      expect(await current().freshChecks({ ...cart, service: 'search' })).toHaveLength(1);
    });
  });
}
