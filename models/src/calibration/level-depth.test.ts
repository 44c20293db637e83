import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { testWatch } from '../verdict/test-watch.js';
import { gaugeSeries, gaugeViews } from './gauge-views.js';
import { levelDepth } from './level-depth.js';
import { planReplay } from './replay-plan.js';

const HISTORY = 7 * 1440;
const LOOKS = 60;

/** Log values with a daily wave: noise about a level that holds still, or one that wanders by `drift` an interval. */
function planned(seed: number, drift: number, intervalMs = 60_000) {
  const random = createRandom(seed);
  let state = random.normal();
  let level = 0;
  const values = Float64Array.from({ length: HISTORY + LOOKS }, (_, index) => {
    state = 0.5 * state + Math.sqrt(0.75) * random.normal();
    level += drift * random.normal();
    return 100 * Math.exp(0.3 * Math.sin((2 * Math.PI * index) / 1440) + 0.1 * state + level);
  });
  const { snapshot } = testWatch(
    [{ treatment: { shape: 'gauge', values } }],
    { intervalMs, plannedLooks: LOOKS },
    HISTORY,
  );
  const plan = planReplay(snapshot);
  const transform = { kind: 'log', offset: 10 } as const;
  return { plan, series: gaugeSeries(transform, values.slice(0, HISTORY), undefined, plan) };
}

const SEEDS = [1, 2, 3, 4, 5];

describe('levelDepth', () => {
  it('is deep where the level holds still', () => {
    const depths = SEEDS.map((seed) => {
      const { plan, series } = planned(seed, 0);
      return levelDepth(series, plan);
    });
    expect(depths.filter((depth) => depth === 240).length).toBeGreaterThanOrEqual(4);
  });

  it('is that of the plan where the level wanders', () => {
    for (const seed of SEEDS) {
      const { plan, series } = planned(seed, 0.02);
      expect(levelDepth(series, plan)).toBe(plan.before);
    }
  });

  it('never reaches back further than four hours', () => {
    const { plan, series } = planned(1, 0, 300_000);
    expect([plan.before, plan.deepBefore, levelDepth(series, plan)]).toEqual([60, 60, 60]);
  });

  it('stays with the plan where nothing can be compared', () => {
    const { plan, series } = planned(1, 0);
    const blank = { ...series, values: series.values.map(() => NaN) };
    expect(levelDepth(blank, plan)).toBe(plan.before);
  });
});

describe('gaugeViews of a deep stretch', () => {
  it('level by what the whole stretch shows, robust to a burst in it', () => {
    const { plan } = planned(1, 0);
    const values = new Float64Array(HISTORY).fill(5);
    values.fill(9, HISTORY - 40);
    const series = { values, reference: values };
    const level = (depth: number) =>
      gaugeViews(series, HISTORY, plan, depth).find(({ name }) => name === 'level');
    expect(level(240)?.after[0]).toBe(5);
    expect(level(60)?.after[0]).toBe(9);
    expect(level(240)?.before).toHaveLength(plan.before);
    expect(level(240)?.after).toHaveLength(LOOKS);
  });

  it('ignores gaps, and says nothing of fewer than eight values', () => {
    const { plan } = planned(1, 0);
    const values = Float64Array.from({ length: HISTORY }, (_, index) => (index % 2 === 0 ? 5 : NaN));
    const reference = new Float64Array(HISTORY).fill(5);
    expect(gaugeViews({ values, reference }, HISTORY, plan, 240)[0]?.after[0]).toBe(5);
    values.fill(NaN, HISTORY - 230);
    expect(gaugeViews({ values, reference }, HISTORY, plan, 240)).toEqual([]);
  });
});
