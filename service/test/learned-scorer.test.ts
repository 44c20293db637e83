import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHIPPED_MODEL, type Snapshot, type TuningOutcome } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import { placeKey } from '../src/app/learned/place-key.js';
import { createUseCases } from '../src/app/create-use-cases.js';
import type { Caller } from '../src/app/use-cases.js';
import { openModelFolder } from '../src/engine/model-folder.js';
import { createScorerLoader, readWeights } from '../src/engine/load-scorer.js';
import type { LearnedModels } from '../src/engine/port.js';
import { sampleSnapshot } from '../src/engine/sample-snapshot.test-support.js';
import { ADMIN, createWorld } from './world.js';

const OPERATOR: Caller = { ...ADMIN, name: 'ops', role: 'operator' };
const PLACE = { project: 'default', service: 'cart', environment: 'prod' };
const REASON = 'a month of history';
/** Threads can't run TypeScript: the test is of what is built, as it ships. */
const BUILT = new URL('../dist/src/engine/tuning-worker.js', import.meta.url);

/** A tuning that ends as it is told, with the shipped weights for tuned ones. */
function outcomeOf(low: number): TuningOutcome {
  return {
    kind: 'tuned',
    weights: readWeights(SHIPPED_MODEL, undefined),
    report: { base: SHIPPED_MODEL.model, steps: 1, moments: 90, firstLoss: 0.5, lastLoss: 0.4 },
    comparison: {
      kind: 'compared',
      moments: 40,
      baseAuc: 0.86,
      tunedAuc: 0.88,
      low,
      high: 0.03,
      tunedIsBetter: low > 0,
    },
  };
}

async function sceneOf(outcome: TuningOutcome, learnedScorer: 'on' | 'off' = 'on') {
  const world = await createWorld({ policy: { mode: 'recommend', learnedScorer } });
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-learned-'));
  const asked: { readonly snapshot: Snapshot; readonly name: string }[] = [];
  const learned: LearnedModels = {
    ...openModelFolder(folder),
    tune: (snapshot, name) => {
      asked.push({ snapshot, name });
      return Promise.resolve(outcome);
    },
  };
  return { world, folder, asked, useCases: createUseCases({ ...world.ctx, learned }, () => undefined) };
}

describe('tuning the learned scorer', () => {
  it('is used where it is better, for new watches, over a restart, and taken back', async () => {
    const { world, folder, asked, useCases } = await sceneOf(outcomeOf(0.004));
    await world.start();
    const tuned = await useCases.tuneLearnedScorer(OPERATOR, PLACE, REASON);
    expect(tuned).toMatchObject({ isUsed: true, comparison: { moments: 40, low: 0.004 } });
    expect(tuned.model.model).toMatch(/^window-mixer\/1\.0\.0\+cart\.prod\.2026/u);
    // What calibrates the next watch lies behind what was learned from.
    const { policy } = (await world.store.deployments({ ...PLACE, limit: 1 })).items[0] ?? {};
    const [{ snapshot } = { snapshot: undefined }] = asked;
    expect(snapshot?.changeAtMs).toBeLessThanOrEqual(world.nowMs() - (policy?.historyMs ?? NaN));
    const reopened = openModelFolder(folder);
    expect(reopened.inUse(placeKey(PLACE))).toEqual(tuned.model);
    expect(reopened.inUse(placeKey({ ...PLACE, service: 'other' }))).toBeUndefined();
    expect(readWeights(tuned.model, folder)).toEqual(readWeights(SHIPPED_MODEL, undefined));

    const back = await useCases.revertLearnedScorer(OPERATOR, PLACE, 'it misled us');
    expect(back).toMatchObject({ isUsed: false, model: SHIPPED_MODEL });
    expect(openModelFolder(folder).inUse(placeKey(PLACE))).toBeUndefined();
    expect(readdirSync(folder)).toContain(`${tuned.model.sha256}.bin`);
    const audit = await world.store.audit({ limit: 99 });
    const told = audit.filter(({ action }) => action.startsWith('learned-scorer.'));
    expect(told.map(({ action }) => action)).toEqual(['learned-scorer.tuned', 'learned-scorer.reverted']);
    expect(told[0]?.detail).toMatchObject({ service: 'cart', isUsed: true, model: tuned.model.model });
    await world.store.close();
  });

  it('changes nothing where it is not better for certain, or there is too little to learn from', async () => {
    for (const outcome of [outcomeOf(-0.001), { kind: 'insufficient', reason: 'too short' } as const]) {
      const { world, folder, useCases } = await sceneOf(outcome);
      await world.start();
      const tuned = await useCases.tuneLearnedScorer(OPERATOR, PLACE, REASON);
      expect(tuned).toMatchObject({ isUsed: false, model: SHIPPED_MODEL });
      expect(readdirSync(folder)).toEqual([]);
      await world.store.close();
    }
  });

  it('is refused to pipelines, where nothing was deployed, and where the policy asks no learned scorer', async () => {
    const { world, useCases } = await sceneOf(outcomeOf(0.1), 'off');
    const tune = (caller: Caller) => useCases.tuneLearnedScorer(caller, PLACE, REASON);
    await expect(tune({ ...OPERATOR, role: 'pipeline' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(tune(OPERATOR)).rejects.toMatchObject({ code: 'not-found' });
    await world.start();
    await expect(tune(OPERATOR)).rejects.toMatchObject({
      code: 'invalid',
      info: { field: '/learnedScorer' },
    });
    const bare = world.useCases.revertLearnedScorer(OPERATOR, PLACE, REASON);
    await expect(bare).rejects.toMatchObject({ code: 'invalid' });
    await world.store.close();
  });

  it('runs on a thread of its own, as it ships', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-learned-'));
    const models = openModelFolder(folder, BUILT);
    const values = Float64Array.from({ length: 40 }, (_, index) => 100 + (index % 7));
    const short = sampleSnapshot({ treatment: { shape: 'gauge', values } }, { intervalMs: 60_000 });
    expect(await models.tune(short, 'tuned/1', 1)).toMatchObject({
      kind: 'insufficient',
      reason: expect.stringContaining('quiet moments') as string,
    });
    const kept = models.use('here', SHIPPED_MODEL.model, readWeights(SHIPPED_MODEL, undefined));
    expect((await createScorerLoader(folder)(kept))?.model).toBe(SHIPPED_MODEL.model);
  });
});
