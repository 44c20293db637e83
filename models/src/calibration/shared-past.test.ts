import { describe, expect, it } from 'vitest';
import type { Arm, MetricHistory } from '../contract.js';
import { armLines, mapArm } from '../series/map-arm.js';
import { noisyGauge, noisyRatio, testRule } from '../verdict/test-watch.js';
import { withoutSharedPast } from './shared-past.js';

function history(treatment: Arm, control?: Arm): MetricHistory {
  const rule = testRule({ shape: treatment.shape });
  return control === undefined ? { rule, treatment } : { rule, treatment, control };
}

const isUnseen = (arm: Arm | undefined): boolean =>
  arm !== undefined && armLines(arm).every((line) => line.every((value) => Number.isNaN(value)));

describe('a past that both arms share', () => {
  it.each([
    ['gauges', history(noisyGauge(1), noisyGauge(1))],
    ['ratios', history(noisyRatio(1, 0.1, 0.1), noisyRatio(1, 0.1, 0.1))],
  ])('says nothing of new instances: the treatment was not there (%s)', (_, shared) => {
    const [metric] = withoutSharedPast([shared]);
    expect(isUnseen(metric?.treatment)).toBe(true);
    expect(metric?.control).toBe(shared.control);
  });

  it('is found beside a few intervals of their own, and then for every metric', () => {
    const control = noisyGauge(1);
    const treatment = mapArm(control, (line) => line.map((value, k) => (k % 20 === 0 ? 2 * value : value)));
    const constant: Arm = { shape: 'gauge', values: new Float64Array(1220).fill(4) };
    const [latency, constantMetric, alone] = withoutSharedPast([
      history(treatment, control),
      history(constant, constant),
      history(noisyGauge(2)),
    ]);
    expect(isUnseen(latency?.treatment)).toBe(true);
    expect(isUnseen(constantMetric?.treatment)).toBe(true);
    expect(isUnseen(alone?.treatment)).toBe(false);
  });

  it.each([
    ['instances of their own', history(noisyGauge(1), noisyGauge(2))],
    [
      'agreement of constants is a matter of course',
      history(
        { shape: 'gauge', values: new Float64Array(50).fill(3) },
        { shape: 'gauge', values: new Float64Array(50).fill(3) },
      ),
    ],
    ['no control', history(noisyGauge(1))],
    [
      'nothing in common',
      history(noisyGauge(1), { shape: 'gauge', values: new Float64Array(1220).fill(NaN) }),
    ],
  ])('is not seen where there is none: %s', (_, metric) => {
    const metrics = [metric];
    expect(withoutSharedPast(metrics)).toBe(metrics);
  });
});
