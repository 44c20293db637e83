import { describe, expect, it } from 'vitest';
import { noisyGauge, noisyRatio, testWatch } from '../verdict/test-watch.js';
import { quietHistories, quietPast } from './quiet-past.js';
import { planReplay } from './replay-plan.js';

const metrics = [{ treatment: noisyGauge(1), control: noisyRatio(2, 0.1, 0.1) }];
const watch = (excluded: readonly (readonly [number, number])[], history?: number) =>
  testWatch(metrics, { excluded }, history).snapshot;

describe('the last quiet stretch', () => {
  it.each([
    ['nothing excluded', [], { gap: 0, length: 1200 }],
    ['an incident long ago', [[100, 150]], { gap: 0, length: 1050 }],
    ['a release up to the change', [[1158, 1200]], { gap: 42, length: 1158 }],
    [
      'two that touch, and one beyond the change',
      [
        [1150, 1180],
        [1180, 1250],
      ],
      { gap: 50, length: 1150 },
    ],
    ['a few quiet intervals behind a release', [[1150, 1195]], { gap: 50, length: 1150 }],
    ['enough quiet intervals behind a release', [[1150, 1188]], { gap: 0, length: 12 }],
    ['nothing but a few quiet intervals', [[0, 1195]], { gap: 0, length: 5 }],
    ['nothing quiet at all', [[0, 1200]], { gap: 1200, length: 0 }],
  ] as const)('is found: %s', (_, excluded, expected) => {
    expect(quietPast(watch(excluded))).toEqual(expected);
  });

  it('is as far from every placebo as from the change', () => {
    const plan = planReplay(watch([[1158, 1200]]));
    expect(plan).toMatchObject({ gap: 42, before: 60 });
    expect(plan.placebos.length).toBeGreaterThan(100);
    for (const at of plan.placebos) {
      expect(at - plan.gap - plan.before).toBeGreaterThanOrEqual(0);
      expect(at + plan.looks).toBeLessThanOrEqual(1158);
    }
  });

  it('gives no placebos when it is too short to be compared with', () => {
    expect(planReplay(watch([[0, 1195]])).placebos).toEqual([]);
  });

  it('leaves out the days that the gap reaches into', () => {
    const hourly = { intervalMs: 3_600_000, plannedLooks: 10 };
    const lags = (excluded: readonly (readonly [number, number])[]) =>
      planReplay(testWatch(metrics, { ...hourly, excluded }).snapshot).lags;
    expect(lags([])).toContain(24);
    expect(lags([[1180, 1200]])).not.toContain(24);
    expect(lags([[1180, 1200]])).toContain(48);
  });
});

describe('quiet histories', () => {
  it('are blank in both arms where excluded, and untouched elsewhere', () => {
    const snapshot = watch([[-5, 3]], 6);
    const [quiet] = quietHistories(snapshot);
    const [whole] = snapshot.metrics;
    if (quiet?.treatment.shape !== 'gauge' || quiet.control?.shape !== 'ratio')
      throw new Error('other shapes');
    if (whole?.treatment.shape !== 'gauge' || whole.control?.shape !== 'ratio')
      throw new Error('other shapes');
    for (const [blanked, given] of [
      [quiet.treatment.values, whole.treatment.values],
      [quiet.control.events, whole.control.events],
      [quiet.control.totals, whole.control.totals],
    ] as const) {
      expect([...blanked]).toEqual([NaN, NaN, NaN, ...given.slice(3)]);
      expect(given.every(Number.isFinite)).toBe(true);
    }
  });
});
