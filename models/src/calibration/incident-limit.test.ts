import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { incidentLimit, withoutIncidents } from './incident-limit.js';

/** Peaks whose exceedances follow a Pareto law of a tail index, the heavier the larger. */
function pareto(count: number, tailIndex: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => random.uniform() ** -tailIndex);
}

describe('the limit beyond which a placebo is an incident', () => {
  it.each([0.1, 0.5, 1])('is where a Fréchet law of tail index %d leaves two in a thousand', (tailIndex) => {
    // F(x) = exp(−x^(−1/index)): the quantile of p is (−ln p)^(−index), its order statistics stand at k/20.
    const quantile = (share: number) => (-Math.log(share)) ** -tailIndex;
    const peaks = Float64Array.from({ length: 21 }, (_, k) => quantile(Math.min(k, 19) / 20));
    expect(incidentLimit(peaks)).toBeCloseTo(quantile(Math.exp(-0.002)), 8);
  });

  it('lies further out for a smaller α: never nearly as often as α', () => {
    const quantile = (share: number) => 1 / -Math.log(share);
    const peaks = Float64Array.from({ length: 21 }, (_, k) => quantile(Math.min(k, 19) / 20));
    expect(incidentLimit(peaks, 0.01)).toBeCloseTo(quantile(Math.exp(-0.0005)), 8);
    expect(incidentLimit(peaks, 0.2)).toBe(incidentLimit(peaks));
  });

  it('cuts what stands apart from its own bulk and keeps the order of the rest', () => {
    const quiet = Float64Array.from({ length: 100 }, (_, k) => 1 + ((k * 37) % 100) / 50);
    const peaks = Float64Array.from(quiet);
    for (const at of [3, 50, 97]) peaks[at] = 1e6;
    const left = quiet.filter((_, k) => ![3, 50, 97].includes(k));
    expect(withoutIncidents(peaks)).toEqual(left);
    expect(withoutIncidents(quiet)).toEqual(quiet);
  });

  it.each([0.1, 0.3, 0.6])('takes next to nothing from a Pareto tail of index %d', (tailIndex) => {
    let removed = 0;
    for (let seed = 0; seed < 200; seed++)
      removed += 100 - withoutIncidents(pareto(100, tailIndex, seed)).length;
    // 200 × 100 peaks; the limit is where the tail reaches two in a thousand.
    expect(removed / 20_000).toBeLessThan(0.006);
  });

  it('leaves everything where more than 15 % stand apart, or where there is no bulk', () => {
    const often = Float64Array.from({ length: 100 }, (_, k) => (k < 16 ? 1e6 : 1 + (k % 10) / 10));
    expect(incidentLimit(often)).toBe(Infinity);
    expect(incidentLimit(Float64Array.of(1, 1, 1, 1e9))).toBe(Infinity);
    expect(incidentLimit(new Float64Array(50))).toBe(Infinity);
    expect(incidentLimit(new Float64Array(0))).toBe(Infinity);
  });

  it('does not know the unit of a peak, ignores NaN and never takes more than 15 %', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 20, maxLength: 60 }),
        fc.integer({ min: -8, max: 8 }),
        (values, power) => {
          const peaks = Float64Array.from(values);
          const kept = withoutIncidents(peaks);
          expect(kept.length).toBeGreaterThanOrEqual(0.85 * peaks.length);
          const scaled = withoutIncidents(peaks.map((peak) => peak * 2 ** power));
          expect(scaled).toEqual(kept.map((peak) => peak * 2 ** power));
          expect(withoutIncidents(Float64Array.of(NaN, ...values))).toEqual(kept);
        },
      ),
    );
  });
});
