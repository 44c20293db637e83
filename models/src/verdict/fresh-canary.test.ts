import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import { createRandom } from '../statistical/random.js';
import { assess, INITIAL_CARRIED } from './assess.js';
import { testWatch, type TestMetric } from './test-watch.js';

const BEFORE = 20;
const LOOKS = 20;

/** Gauges of a canary that was born with the change, and of its control; one of them harmed from an onset on, for a while. */
function canary(
  seed: number,
  spread: number,
  harm?: { readonly from: number; readonly to: number },
): TestMetric[] {
  const random = createRandom(seed);
  return Array.from({ length: 6 }, (_, metric) => {
    const instance = spread * random.normal();
    const noise = (): Float64Array =>
      Float64Array.from({ length: BEFORE + LOOKS }, () => 0.05 * random.normal());
    const control = noise().map((value) => 100 * Math.exp(value));
    const treatment = noise().map((value, index) => {
      const look = index - BEFORE;
      const isHarmed = metric === 0 && harm !== undefined && look >= harm.from && look < harm.to;
      return look < 0 ? NaN : 100 * Math.exp(value + instance + (isHarmed ? 1 : 0));
    });
    return {
      rule: { name: `m${metric}` },
      treatment: { shape: 'gauge', values: treatment },
      control: { shape: 'gauge', values: control },
    };
  });
}

function judge(metrics: readonly TestMetric[]) {
  const { snapshot, live } = testWatch(metrics, {}, BEFORE);
  const calibration = calibrate(snapshot);
  let carried = INITIAL_CARRIED;
  for (let look = 1; ; look++) {
    const assessment = assess(calibration, live, look, carried);
    if (assessment.value === 'rollback' || look === LOOKS) return assessment;
    carried = assessment.carried;
  }
}

describe('a canary that was born with the change', () => {
  it('is rolled back by an onset in the middle of the watch, which is named', () => {
    const verdict = judge(canary(1, 0.02, { from: 8, to: 20 }));
    expect(verdict).toMatchObject({ value: 'rollback', guarantee: 'sequential' });
    expect(verdict.metrics[0]).toMatchObject({ onsetLook: 8 });
  });

  it('is rolled back by harm that lasts six of twenty intervals', () => {
    expect(judge(canary(2, 0.02, { from: 3, to: 9 })).value).toBe('rollback');
  });

  it('is seldom rolled back without harm, as far as instances differ: at most 5 % of 100 at 0.02 and at 0.1 log units', () => {
    for (const spread of [0.02, 0.1]) {
      const falsely = Array.from({ length: 100 }, (_, seed) => judge(canary(seed, spread)).value).filter(
        (value) => value === 'rollback',
      );
      expect(falsely.length).toBeLessThanOrEqual(5);
    }
  });

  it('is the less likely harmed the less it is harmed, also where nothing speaks for harm', () => {
    const shifted = (shift: number): number => {
      const metrics = canary(5, 0.02).map((metric) => ({
        ...metric,
        treatment: {
          shape: 'gauge' as const,
          values: (metric.treatment as { readonly values: Float64Array }).values.map(
            (value) => value * Math.exp(shift),
          ),
        },
      }));
      return judge(metrics).harmProbability;
    };
    const probabilities = [-0.4, -0.2, 0, 0.1].map(shifted);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => a - b));
    expect(new Set(probabilities).size).toBe(4);
  });
});
