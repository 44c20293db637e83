import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { testWatch } from '../verdict/test-watch.js';
import { replayGauge } from './gauge-model.js';
import { planReplay } from './replay-plan.js';

const HISTORY = 7 * 1440;
const LOOKS = 60;
/** Standard deviation of the noise, and how far the daily wave swings to each side; log units. */
const NOISE = 0.2;
const WAVE = 0.4;

/** Names of the credible forecasts of a week of minutes. */
function credible(seed: number, wave: number): readonly string[] {
  const random = createRandom(seed);
  let state = random.normal();
  const values = Float64Array.from({ length: HISTORY + LOOKS }, (_, index) => {
    state = 0.6 * state + 0.8 * random.normal();
    return 100 * Math.exp(wave * Math.sin((2 * Math.PI * index) / 1440) + NOISE * state);
  });
  const { snapshot } = testWatch(
    [{ treatment: { shape: 'gauge', values } }],
    { plannedLooks: LOOKS },
    HISTORY,
  );
  const [history] = snapshot.metrics;
  if (history === undefined) throw new Error('the watch has one metric');
  return [...(replayGauge(history, planReplay(snapshot))?.model.weights.keys() ?? [])];
}

const SEEDS = [1, 2, 3, 4];

describe('replayGauge', () => {
  it('does not believe a level that lags behind a wave, however loud the noise of single intervals', () => {
    for (const seed of SEEDS) expect(credible(seed, WAVE)).toEqual(['season']);
  });

  it('believes the level where there is no wave', () => {
    for (const seed of SEEDS) expect(credible(seed, 0)).toContain('level');
  });
});
