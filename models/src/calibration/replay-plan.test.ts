import { describe, expect, it } from 'vitest';
import type { Baseline } from '../contract.js';
import { noisyGauge, testWatch } from '../verdict/test-watch.js';
import { planReplay } from './replay-plan.js';

const DAY = 1_440;

/** Intervals of a minute, so many days of them, with room for a day's lag but not for as many placebos beside it as a small α wants. */
function planned(baselines: readonly Baseline[] | undefined, alpha: number) {
  const history = 2.5 * DAY;
  const { snapshot } = testWatch(
    [{ treatment: noisyGauge(1, 1, history) }],
    { alpha, ...(baselines === undefined ? {} : { baselines }) },
    history,
  );
  return planReplay(snapshot);
}

describe('planReplay', () => {
  it('keeps the lags that leave room for enough placebos', () => {
    expect(planned(undefined, 0.05).lags).toEqual([DAY]);
  });

  it('gives the only lag up for placebos where the level just before can stand in for it', () => {
    const plan = planned(undefined, 0.012);
    expect(plan).toMatchObject({ lags: [], hasLevel: true });
    expect(plan.independent).toBeGreaterThan(1.5 / 0.012);
  });

  it('keeps the only lag where the policy does not let metrics be compared with the level just before', () => {
    expect(planned(['daily'], 0.012)).toMatchObject({ lags: [DAY], hasLevel: false });
    expect(planned(['daily', 'control'], 0.012)).toMatchObject({ lags: [DAY], hasLevel: false });
  });
});
