import { describe, expect, it } from 'vitest';
import { HISTORY, noisyGauge, noisyRatio, testWatch } from '../verdict/test-watch.js';
import { calibrateMetric } from './calibrated-metric.js';
import { calibrate, summarise } from './calibrate.js';
import { isFit, planReplay } from './replay-plan.js';
import { assess, INITIAL_CARRIED } from '../verdict/assess.js';

describe('the summary', () => {
  it('names the weaker guarantee and why', () => {
    const { snapshot } = testWatch([{ treatment: noisyGauge(1, 1, 30) }], {}, 30);
    const summary = summarise(calibrate(snapshot));
    expect(summary.guarantee).toBe('sequential');
    expect(summary.reasons.map((reason) => reason.code)).toContain('short-history');
  });

  it('is not weakened by an advisory metric with a short past', () => {
    const short = noisyGauge(2);
    if (short.shape === 'gauge') short.values.fill(NaN, 0, HISTORY - 30);
    const guarantee = (criticality: 'normal' | 'advisory') =>
      summarise(
        calibrate(
          testWatch([{ treatment: noisyGauge(1) }, { treatment: short, rule: { criticality } }]).snapshot,
        ),
      ).guarantee;
    expect([guarantee('normal'), guarantee('advisory')]).toEqual(['sequential', 'placebo']);
  });

  it('keeps placebos clear of excluded stretches', () => {
    const metrics = [{ treatment: noisyGauge(1) }];
    const all = summarise(calibrate(testWatch(metrics).snapshot));
    const half = summarise(calibrate(testWatch(metrics, { excluded: [[0, 600]] }).snapshot));
    expect(half.placebos).toBeLessThan(0.6 * all.placebos);
    expect(half.effectivePlacebos).toBeLessThan(all.effectivePlacebos);
  });
});

describe('placebo replay', () => {
  it.each([
    ['gauge', noisyGauge(21), undefined],
    ['gauge with control', noisyGauge(22), noisyGauge(23)],
    ['ratio', noisyRatio(24, 0.02, 0.02), undefined],
  ])('goes through the very same steps as the live watch: %s', (_, treatment, control) => {
    const metric = control === undefined ? { treatment } : { treatment, control };
    const { snapshot, live } = testWatch([metric]);
    const calibration = calibrate(snapshot);
    let carried = INITIAL_CARRIED;
    for (let look = 1; look <= snapshot.plannedLooks; look++)
      carried = assess(calibration, live, look, carried).carried;

    const plan = planReplay(snapshot);
    const rule = snapshot.metrics[0]?.rule;
    if (rule === undefined) throw new Error('one metric is needed');
    // The watch itself as one more placebo, last; a second copy keeps it at a position that ranks.
    const count = plan.placebos.length;
    const itself = Array<number>(isFit(count) ? 2 : 1).fill(plan.changeIndex);
    const replayed = calibrateMetric(
      { rule, ...metric },
      { ...plan, placebos: [...plan.placebos, ...itself] },
    );
    expect(replayed?.peaks.at(-1)).toBeCloseTo(carried.peak, 1);
  });

  it('avoids the live window and leaves the same past to every placebo', () => {
    const { snapshot } = testWatch([{ treatment: noisyGauge(1) }], {
      intervalMs: 3_600_000,
      excluded: [[700, 760]],
    });
    const plan = planReplay(snapshot);
    expect(plan.lags).toContain(24);
    for (const at of plan.placebos) {
      expect(at + plan.looks).toBeLessThanOrEqual(snapshot.changeIndex);
      expect(at - plan.before - Math.max(...plan.lags)).toBeGreaterThanOrEqual(0);
      expect(at + plan.looks <= 700 || at - plan.before >= 760).toBe(true);
    }
  });
});
