import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { compareOnPlacebos } from './compare-on-placebos.js';
import { fineTune } from './fine-tune.js';
import { loadLearnedScorer } from './learned-scorer.js';
import { initialWeights } from './network.js';
import { type QuietSeries, splitMoments } from './quiet-window.js';
import { sealModel } from './seal-model.js';
import { decodeModel } from './weights-file.js';

const shipped = readFileSync(new URL('../../artifacts/window-mixer/1.0.0/weights.bin', import.meta.url));

/** Eight short "days" of a service with a job that spikes at times of its own. */
function quietSeries(seed = 1): QuietSeries {
  const random = createRandom(seed);
  const day = 480;
  let job = 0;
  const values = new Float64Array(8 * day).map((_, index) => {
    job = random.uniform() < 0.01 ? 8 : 0.8 * job;
    return 20 + 5 * Math.sin((2 * Math.PI * index) / day) + job + random.normal();
  });
  const moments = Array.from({ length: 170 }, (_, index) => 2 * day + index * 16);
  return { values, moments, lags: [day, 2 * day], plannedLooks: 60, direction: 'up' };
}
const plan = { name: 'window-mixer/1.0.0+shop.1', seed: 3, backend: 'wasm', steps: 12 } as const;

describe('splitMoments', () => {
  it('keeps a whole watch between what is learned from and what judges it', () => {
    const { learned, heldBack } = splitMoments([quietSeries()]);
    const last = Math.max(...learned.map(({ at }) => at));
    const first = Math.min(...heldBack.map(({ at }) => at));
    expect(first - last).toBeGreaterThanOrEqual(120);
    expect([learned.length > 100, heldBack.length > 30]).toEqual([true, true]);
  });
});

describe('fineTune', () => {
  it('gives the same bytes again, tells its progress and leaves the base alone', async () => {
    const before = Uint8Array.from(shipped);
    const shares: number[] = [];
    const first = await fineTune(shipped, [quietSeries()], plan, (share) => shares.push(share));
    const second = await fineTune(shipped, [quietSeries()], plan);
    expect(second).toEqual(first);
    expect(Uint8Array.from(shipped)).toEqual(before);
    expect([shares.length, shares.at(-1)]).toEqual([12, 1]);
    expect(first.report).toMatchObject({ base: 'window-mixer/1.0.0', steps: 12, moments: 113 });
    expect((await loadLearnedScorer(first.weights, ['wasm', 'cpu'])).model).toBe(plan.name);
    expect(decodeModel(first.weights).weights).not.toEqual(decodeModel(shipped).weights);
  });

  it('refuses a history with too few quiet moments', async () => {
    const short = { ...quietSeries(), moments: [1000, 1016, 1032] };
    await expect(fineTune(shipped, [short], plan)).rejects.toThrow('30 are needed');
    const empty = { ...quietSeries(), values: new Float64Array(3840).fill(NaN) };
    await expect(fineTune(shipped, [empty], plan)).rejects.toThrow('fewer gaps');
  });
});

describe('compareOnPlacebos', () => {
  it('finds the shipped model better than an untrained one, and never a model better than itself', async () => {
    const untrained = await sealModel('untrained/1', initialWeights(1), 'wasm');
    const naive = await loadLearnedScorer(untrained, ['wasm']);
    const scorer = await loadLearnedScorer(shipped, ['wasm']);
    const series = [quietSeries(2)];
    const better = compareOnPlacebos(naive, scorer, series, 5);
    expect(better).toMatchObject({ kind: 'compared', tunedIsBetter: true });
    expect(compareOnPlacebos(naive, scorer, series, 5)).toEqual(better);
    expect(compareOnPlacebos(scorer, naive, series, 5)).toMatchObject({ tunedIsBetter: false });
    expect(compareOnPlacebos(scorer, scorer, series, 5)).toMatchObject({
      tunedIsBetter: false,
      low: 0,
      high: 0,
    });
  });

  it('does not judge on a handful of moments', async () => {
    const scorer = await loadLearnedScorer(shipped, ['wasm']);
    const few = { ...quietSeries(), moments: quietSeries().moments.slice(0, 20) };
    expect(compareOnPlacebos(scorer, scorer, [few], 1)).toMatchObject({ kind: 'insufficient' });
  });
});
