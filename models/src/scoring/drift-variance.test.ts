import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { driftVariance } from './drift-variance.js';

const plan = { length: 1000, before: 20, gap: 0, looks: 10 };

function levelOf(values: Float64Array) {
  return (from: number, to: number): number =>
    values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
}

describe('how far quiet watches drift', () => {
  it('is the variance of the drift, on average over 200 pasts of noise within 5 %', () => {
    const random = createRandom(1);
    let sum = 0;
    for (let repetition = 0; repetition < 200; repetition++)
      sum += driftVariance(plan, levelOf(Float64Array.from({ length: 1000 }, random.normal))) ?? NaN;
    // A mean of 10 less one of 20: 1/10 + 1/20; overlapping replays leave a standard error of about 1 %.
    expect(sum / 200 / 0.15).toBeGreaterThan(0.95);
    expect(sum / 200 / 0.15).toBeLessThan(1.05);
  });

  it('does not know of an incident that nobody labelled', () => {
    const random = createRandom(2);
    const quiet = Float64Array.from({ length: 1000 }, random.normal);
    const incident = quiet.map((value, index) => (index >= 500 && index < 560 ? value + 1000 : value));
    const ratio =
      (driftVariance(plan, levelOf(incident)) ?? NaN) / (driftVariance(plan, levelOf(quiet)) ?? NaN);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.6);
  });

  it('skips replays that nothing was seen of, and is unknown with fewer than three', () => {
    expect(driftVariance({ ...plan, length: 39 }, () => 0)).toBeUndefined();
    expect(driftVariance({ ...plan, length: 40 }, () => 0)).toBe(0);
    expect(driftVariance(plan, () => NaN)).toBeUndefined();
  });
});
