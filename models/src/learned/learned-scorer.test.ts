import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { loadLearnedScorer } from './learned-scorer.js';
import type { LookWindow } from './look-window.js';
import { occlusion } from './occlusion.js';
import { selfTestBatch } from './self-test.js';
import { decodeModel, encodeModel } from './weights-file.js';
import { windowInput } from './window-input.js';
import type { WindowRequest } from './window-lines.js';
import { INPUT_SIZE, STEPS } from './window-shape.js';
import { windowSteps } from './window-steps.js';

const shipped = readFileSync(new URL('../../artifacts/window-mixer/1.0.0/weights.bin', import.meta.url));

/** Quiet noise on five days with something added after the change. */
function watch(add: (step: number) => number, changes: Partial<WindowRequest> = {}): WindowRequest {
  const random = createRandom(11);
  const values = new Float64Array(600).map((_, index) => 100 + random.normal() + add(index - 540));
  return { values, at: 540, look: 60, plannedLooks: 60, lags: [120, 240, 360], direction: 'up', ...changes };
}

describe('the shipped model', () => {
  it('scores the same on both backends, also when they take turns', async () => {
    const [wasm, cpu] = [
      await loadLearnedScorer(shipped, ['wasm']),
      await loadLearnedScorer(shipped, ['cpu']),
    ];
    expect([wasm.backend, cpu.backend, wasm.model]).toEqual(['wasm', 'cpu', 'window-mixer/1.0.0']);
    const { batch, count } = selfTestBatch();
    const first = wasm.score(batch, count);
    const second = cpu.score(batch, count);
    first.forEach((score, index) => expect(Math.abs(score - (second[index] ?? NaN))).toBeLessThan(1e-4));
    expect(wasm.score(batch, count)).toEqual(first);
  });

  it('gives a window the same bits in any batch', async () => {
    const scorer = await loadLearnedScorer(shipped, ['wasm']);
    const random = createRandom(1);
    const batch = new Float32Array(300 * INPUT_SIZE).map(() => random.normal());
    const together = scorer.score(batch, 300);
    const alone = [0, 1, 255, 256, 299].map((window) => {
      const part = batch.subarray(window * INPUT_SIZE, (window + 1) * INPUT_SIZE);
      return [window, scorer.score(part, 1)[0]];
    });
    expect(alone).toEqual([0, 1, 255, 256, 299].map((window) => [window, together[window]]));
  });

  it('ranks harm above quiet, improvement and the other direction', async () => {
    const scorer = await loadLearnedScorer(shipped);
    const logit = (request: WindowRequest): number =>
      scorer.score(windowInput(request) ?? new Float32Array(INPUT_SIZE), 1)[0] ?? NaN;
    const quiet = logit(watch(() => 0));
    const harmed = [
      watch((step) => (step >= 0 ? 3 : 0)),
      watch((step) => (step >= 0 ? step / 10 : 0)),
      watch((step) => (step >= 20 && step < 28 ? 9 : 0)),
      watch((step) => (step >= 0 ? 5 * Math.sin(step * 2.1) : 0)),
      watch((step) => (step >= 0 ? -4 : 0), { direction: 'down' }),
    ].map(logit);
    const harmless = [
      watch((step) => (step >= 0 ? -3 : 0)),
      watch((step) => (step >= 0 ? 3 : 0), { direction: 'down' }),
    ];
    for (const score of harmed) expect(score).toBeGreaterThan(quiet + 1);
    for (const request of harmless) expect(logit(request)).toBeLessThan(Math.min(...harmed) - 1);
  });

  it('sees a shift early, and what recurs daily not at all', async () => {
    const scorer = await loadLearnedScorer(shipped);
    const logit = (request: WindowRequest): number =>
      scorer.score(windowInput(request) ?? new Float32Array(INPUT_SIZE), 1)[0] ?? NaN;
    const shift = (step: number): number => (step >= 0 ? 4 : 0);
    const early = [6, 15, 30].map((look) => logit(watch(shift, { look })) - logit(watch(() => 0, { look })));
    for (const gain of early) expect(gain).toBeGreaterThan(1);
    const daily = (step: number): number => ((step + 1200) % 120 < 60 ? 4 : 0);
    expect(logit(watch(shift))).toBeGreaterThan(logit(watch(daily)) + 1);
  });

  it('explains a score by where the harm lies', async () => {
    const scorer = await loadLearnedScorer(shipped, ['wasm']);
    const windowOf = (request: WindowRequest, end: number): LookWindow => ({
      steps: windowSteps(request.values, undefined, request, STEPS),
      ...{ end, warmup: 0, direction: 'both', smallestScale: 0 },
    });
    const harmed = watch((step) => (step >= 20 && step < 30 ? 8 : 0));
    const weights = occlusion(scorer, windowOf(harmed, STEPS));
    expect(weights.map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: 12 }, (_, patch) => [5 * patch, 5 * patch + 5]),
    );
    const heaviest = weights.reduce((best, each) => (each.weight > best.weight ? each : best));
    expect([20, 25]).toContain(heaviest.from);
    expect(occlusion(scorer, windowOf(harmed, 0))).toEqual([]);
  });
});

describe('loadLearnedScorer', () => {
  it('goes on to the next backend when one is not installed', async () => {
    expect((await loadLearnedScorer(shipped, ['tensorflow', 'cpu'])).backend).toBe('cpu');
  });

  it('refuses a model that its backend does not repeat, and says why', async () => {
    const model = decodeModel(shipped);
    const wrong = encodeModel({ ...model, selfTest: model.selfTest.map((value) => value + 0.01) });
    const failure: unknown = await loadLearnedScorer(wrong, ['wasm', 'cpu']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AggregateError);
    expect((failure as AggregateError).errors.map(String)).toEqual([
      expect.stringContaining('backend wasm failed the self-test of window-mixer/1.0.0'),
      expect.stringContaining('backend cpu failed the self-test'),
    ]);
  });

  it('refuses a batch that is too short', async () => {
    const scorer = await loadLearnedScorer(shipped, ['cpu']);
    expect(() => scorer.score(new Float32Array(INPUT_SIZE), 2)).toThrow('batch must hold 2 windows');
    expect(scorer.score(new Float32Array(0), 0)).toHaveLength(0);
  });
});
