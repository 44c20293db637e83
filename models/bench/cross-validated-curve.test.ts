import { describe, expect, it } from 'vitest';
import { createRandom } from '../src/index.js';
import { crossValidatedProbabilities, type GroupedCase } from './cross-validated-curve.js';
import { curveProbability, fitLogisticCurve } from './logistic-curve.js';

const TRUE_CURVE = { intercept: -2, slope: 2 };

function draw(count: number): readonly { readonly decades: number; readonly isBad: boolean }[] {
  const random = createRandom(9);
  return Array.from({ length: count }, () => {
    const decades = 3 * random.uniform();
    return { decades, isBad: random.uniform() < curveProbability(TRUE_CURVE, 0, decades) };
  });
}

describe('the curve from evidence to probability', () => {
  it('is found again from what it drew', () => {
    const { intercept, slope } = fitLogisticCurve(draw(20_000), 0);
    expect(intercept).toBeCloseTo(TRUE_CURVE.intercept, 0);
    expect(Math.abs(slope - TRUE_CURVE.slope)).toBeLessThan(0.1);
  });

  it('stays finite where every case is told apart', () => {
    const apart = Array.from({ length: 40 }, (_, k) => ({ decades: k < 20 ? 0 : 4, isBad: k >= 20 }));
    const curve = fitLogisticCurve(apart, 0);
    expect(Number.isFinite(curve.intercept) && Number.isFinite(curve.slope)).toBe(true);
    expect(curveProbability(curve, 0, 4)).toBeGreaterThan(0.95);
  });
});

describe('probabilities without the own group', () => {
  const cases: readonly GroupedCase[] = draw(500).map(({ decades, isBad }, k) => ({
    group: `g${k % 25}`,
    p: 10 ** -decades,
    isBad,
  }));

  it('do not depend on the labels of the own group', () => {
    const before = crossValidatedProbabilities(cases);
    const flipped = cases.map((one) => (one.group === 'g3' ? { ...one, isBad: !one.isBad } : one));
    const after = crossValidatedProbabilities(flipped);
    cases.forEach(({ group }, index) => {
      if (group === 'g3') expect(after[index]).toBe(before[index]);
    });
    expect(after).not.toEqual(before);
  });

  it('are close to the truth, and the same whatever the order', () => {
    const said = crossValidatedProbabilities(cases);
    const off = cases.map(({ p }, k) =>
      Math.abs((said[k] ?? NaN) - curveProbability(TRUE_CURVE, 0, -Math.log10(p))),
    );
    expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeLessThan(0.05);
    const turned = crossValidatedProbabilities(cases.toReversed()).toReversed();
    turned.forEach((value, index) => expect(value).toBeCloseTo(said[index] ?? NaN, 9));
  });

  it('are none where the other folds hold cases of one kind only', () => {
    const single = cases.map((one) => ({ ...one, isBad: true }));
    expect(crossValidatedProbabilities(single).every((value) => Number.isNaN(value))).toBe(true);
    expect(crossValidatedProbabilities([])).toEqual([]);
  });
});
