import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import { assessLook, INITIAL_CARRIED } from './assess.js';
import { LOOKS, noisyGauge, testWatch } from './test-watch.js';

/** Four metrics of noise of their own, each raised by `factor` from the change on, judged at the end of the watch. */
function watchOf(seed: number, factor: number, minEffect: number) {
  const { snapshot, live } = testWatch(
    [1, 2, 3, 4].map((metric) => ({
      rule: { name: `m${metric}`, minEffect: { relative: minEffect } },
      treatment: noisyGauge(100 * seed + metric, factor),
    })),
  );
  return assessLook(calibrate(snapshot), live, LOOKS, INITIAL_CARRIED);
}

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

describe('metrics that move together', () => {
  const small = SEEDS.map((seed) => watchOf(seed, 1.06, 0.02)).filter(({ fused }) =>
    fused.solo.every((p) => p > 0.05),
  );

  it('roll back where none of them would by itself, and are all named', () => {
    const found = small.filter(({ assessment }) => assessment.value === 'rollback');
    expect(found.length).toBeGreaterThanOrEqual(2);
    for (const { assessment } of found) {
      expect(assessment.p).toBeLessThanOrEqual(0.05);
      expect(assessment.reasons.map(({ code }) => code)).toContain('joint-evidence');
      const named = assessment.reasons.filter(({ code }) => code === 'harm-found');
      expect(named.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('do not roll back below their practical minimum', () => {
    for (const seed of SEEDS.slice(0, 8)) {
      const { assessment } = watchOf(seed, 1.06, 0.5);
      expect(assessment.value).toBe('continue');
    }
  });
});
