import { describe, expect, it } from 'vitest';
import type { Caller, FeedbackRequest } from '../src/app/use-cases.js';
import { ADMIN, createWorld, type World } from './world.js';

const OPERATOR: Caller = { ...ADMIN, name: 'ops', role: 'operator' };
const refusal = (code: string, field?: string) =>
  field === undefined ? { code } : { code, info: { field, remedy: expect.any(String) as string } };

/** A release of which the looks said something. */
async function judged(world: World, value: 'continue' | 'rollback') {
  const { id } = await world.start();
  await world.look(id, value);
  await world.useCases.finishDeployment(ADMIN, id).catch(() => undefined);
  world.wait(60_000);
  return id;
}
const world = () => createWorld({ policy: { mode: 'recommend' } });
const watchOf = async (at: World, id: string) => (await at.store.watches({ deploymentId: id }))[0];
const say = (at: World, id: string, request: FeedbackRequest, caller = OPERATOR) =>
  at.useCases.giveFeedback(caller, id, request);
const viewOf = async (at: World) =>
  (await at.useCases.viewCalibration(ADMIN, { project: 'default', service: 'cart' }))[0];

describe('feedback', () => {
  it('is written down, audited, and never changes; a later entry takes it back', async () => {
    const at = await world();
    const id = await judged(at, 'rollback');
    const metrics = [{ name: 'error ratio', relevance: 'noise' as const }];
    const first = await say(at, id, { judgement: 'false-rollback', metrics, comment: 'a load test' });
    const verdict = await at.store.latestVerdict(id);
    expect(first).toMatchObject({ judgement: 'false-rollback', metrics, verdictId: verdict?.id });
    const second = await say(at, id, { retracts: first.id });
    const third = await say(at, id, { retracts: second.id });
    expect(await at.store.feedback(id)).toEqual([first, second, third]);
    const audit = await at.store.audit({ deploymentId: id, limit: 99 });
    const told = audit.filter(({ action }) => action.startsWith('feedback.'));
    expect(told.map(({ action }) => action)).toEqual([
      'feedback.give',
      'feedback.retract',
      'feedback.retract',
    ]);
    expect(JSON.stringify(told)).not.toContain('a load test');
    await at.store.close();
  });

  it('is refused where it does not fit', async () => {
    const at = await world();
    const { id } = await at.start();
    await expect(say(at, id, { judgement: 'right' })).rejects.toMatchObject(refusal('conflict'));
    await at.look(id, 'continue');
    const refused: readonly (readonly [FeedbackRequest, string, string])[] = [
      [{ judgement: 'false-rollback' }, 'invalid', '/judgement'],
      [{ judgement: 'right', verdict: 9 }, 'conflict', '/verdict'],
      [{ metrics: [{ name: 'latency', relevance: 'useful' }] }, 'invalid', '/metrics/0/name'],
      [{ retracts: 'nobody' }, 'conflict', '/retracts'],
    ];
    for (const [request, code, field] of refused)
      await expect(say(at, id, request)).rejects.toMatchObject(refusal(code, field));
    const twice = [1, 2].map(() => ({ name: 'error ratio', relevance: 'useful' as const }));
    await expect(say(at, id, { metrics: twice })).rejects.toMatchObject(
      refusal('invalid', '/metrics/1/name'),
    );
    const given = await say(at, id, { judgement: 'right' });
    await say(at, id, { retracts: given.id });
    await expect(say(at, id, { retracts: given.id })).rejects.toMatchObject(refusal('conflict', '/retracts'));
    for (const role of ['viewer', 'pipeline'] as const)
      await expect(say(at, id, { judgement: 'right' }, { ...OPERATOR, role })).rejects.toMatchObject(
        refusal('forbidden'),
      );
    await at.store.close();
  });

  it('speaks of what the looks came to, not of what a person decided after', async () => {
    const at = await world();
    const { id } = await at.start();
    await at.look(id, 'rollback');
    const measured = await at.store.latestVerdict(id);
    await at.useCases.overrideContinue(ADMIN, id, { reason: 'a load test' });
    expect(await say(at, id, { judgement: 'false-rollback' })).toMatchObject({ verdictId: measured?.id });
    await at.store.close();
  });

  it('is at most 200 entries on a deployment', async () => {
    const at = await world();
    const id = await judged(at, 'continue');
    const entry = await say(at, id, { judgement: 'right' });
    await at.store.transaction(async (tx) => {
      for (let n = 1; n < 200; n++) await tx.insertFeedback({ ...entry, id: `f-${n}` });
    });
    await expect(say(at, id, { judgement: 'right' })).rejects.toMatchObject(refusal('conflict'));
    // What was said can still be taken back, and not without end either.
    let newest = (await say(at, id, { retracts: entry.id })).id;
    for (let n = 201; n < 400; n++) newest = (await say(at, id, { retracts: newest })).id;
    await expect(say(at, id, { retracts: newest })).rejects.toMatchObject(refusal('conflict'));
    await at.store.close();
  });
});

describe('what is learned', () => {
  it('tunes watches that begin afterwards, is said by their verdicts, and never changes α', async () => {
    const at = await world();
    const first = await judged(at, 'rollback');
    const { id: running } = await at.start();
    const given = await say(at, first, {
      judgement: 'right',
      metrics: [{ name: 'error ratio', relevance: 'useful' }],
    });
    await at.look(running, 'pending');
    expect(await at.store.latestVerdict(running)).toMatchObject({ tuning: { weights: [], feedback: [] } });
    const { id: next } = await at.start();
    await at.look(next, 'pending');
    const verdict = await at.store.latestVerdict(next);
    expect(verdict).toMatchObject({
      alpha: 0.05,
      // (20 × 0.1 + 1) / (20 + 1)
      prior: expect.closeTo(3 / 21, 9) as number,
      tuning: {
        prior: { source: 'own-history', releases: 1, harmful: 1, labelled: 1 },
        weights: [{ metric: 'error ratio', factor: 1.5, useful: 1, noise: 0 }],
        feedback: [given.id],
      },
    });
    expect(await watchOf(at, next)).toMatchObject({ tuning: verdict?.tuning });
    await at.store.close();
  });

  it('reaches the snapshot that the watch is judged by', async () => {
    const at = await world();
    const first = await judged(at, 'rollback');
    await say(at, first, { judgement: 'right' });
    // Who speaks of metrics alone takes nothing back.
    await say(at, first, { metrics: [{ name: 'error ratio', relevance: 'noise' }] });
    expect((await viewOf(at))?.labelled).toMatchObject({ labelled: 1, harmful: 1 });
    const calls: unknown[] = [];
    const { engine } = at.ctx;
    const calibrate: typeof engine.calibrate = (watchId, snapshot) => {
      calls.push(snapshot);
      return engine.calibrate(watchId, snapshot);
    };
    Object.assign(at.ctx, { engine: { ...engine, calibrate } });
    const { id } = await at.start();
    await at.look(id, 'pending');
    expect(calls).toMatchObject([{ prior: 3 / 21, metrics: [{ rule: { weight: 2 / 3 } }] }]);
    await at.store.close();
  });

  it('is void after a reset, and where the policy switches it off', async () => {
    const at = await world();
    const first = await judged(at, 'rollback');
    await say(at, first, { judgement: 'right' });
    expect((await viewOf(at))?.tuning?.prior.source).toBe('own-history');
    const place = { project: 'default', service: 'cart', environment: 'prod' };
    await at.useCases.resetTuning(OPERATOR, place, 'another team');
    expect((await viewOf(at))?.tuning).toMatchObject({
      prior: { value: 0.1, source: 'policy' },
      feedback: [],
    });
    await expect(at.useCases.resetTuning(OPERATOR, { ...place, service: 'x' }, 'r')).rejects.toMatchObject(
      refusal('not-found'),
    );
    await expect(
      at.useCases.resetTuning({ ...OPERATOR, role: 'pipeline' }, place, 'r'),
    ).rejects.toMatchObject(refusal('forbidden'));
    const off = await createWorld({ policy: { mode: 'recommend', feedback: 'off' } });
    const { id } = await off.start();
    await off.look(id, 'pending');
    expect(await off.store.latestVerdict(id)).not.toHaveProperty('tuning');
    expect(await viewOf(off)).not.toHaveProperty('tuning');
    await Promise.all([at.store.close(), off.store.close()]);
  });
});

describe('the calibration of a service', () => {
  it('sets what was said against what happened', async () => {
    const at = await world();
    for (const judgement of ['right', 'false-rollback'] as const)
      await say(at, await judged(at, 'rollback'), { judgement });
    for (const judgement of ['right', 'right', 'missed-harm'] as const)
      await say(at, await judged(at, 'continue'), { judgement });
    await judged(at, 'continue');
    const view = await viewOf(at);
    expect(view?.labelled).toMatchObject({
      releases: 6,
      labelled: 5,
      harmful: 2,
      falseRollbacks: { count: 1, of: 3, rate: 1 / 3 },
      missedHarm: { count: 1, of: 2, rate: 1 / 2 },
      // The world says 0.97 of a rollback and 0.02 of a continue.
      brier: expect.closeTo((0.03 ** 2 + 0.97 ** 2 + 2 * 0.02 ** 2 + 0.98 ** 2) / 5, 9) as number,
    });
    expect(view?.labelled.bins.map(({ was }) => [was.count, was.of])).toEqual([
      [1, 3],
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 2],
    ]);
    expect(view?.freshChecks).toMatchObject({ judged: 0, low: 0, high: 1, isOff: false });
    await at.store.close();
  });

  it('is shown of what the caller may see alone', async () => {
    const at = await world();
    await judged(at, 'continue');
    const query = { project: 'default', service: 'cart' };
    const elsewhere: Caller = { ...OPERATOR, environment: 'staging' };
    await expect(at.useCases.viewCalibration(elsewhere, query)).rejects.toMatchObject(refusal('not-found'));
    await expect(
      at.useCases.viewCalibration({ ...OPERATOR, service: 'search' }, query),
    ).rejects.toMatchObject(refusal('forbidden'));
    await expect(at.useCases.viewCalibration(OPERATOR, { ...query, service: 'x' })).rejects.toMatchObject(
      refusal('not-found'),
    );
    await at.store.close();
  });
});
