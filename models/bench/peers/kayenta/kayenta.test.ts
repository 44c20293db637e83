import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/index.js';
import { classifyMetric, JUDGE_DEFAULTS } from './classify-metric.js';
import { shiftInterval } from './shift-interval.js';
import { summaryScore, type ClassifiedMetric } from './summary-score.js';

fc.configureGlobal({ seed: 20261123 });

interface Case {
  readonly experiment: readonly number[];
  readonly control: readonly number[];
  readonly level: number;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../../fixtures/reference/peer-shift-interval.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

function normals(seed: number, size: number, mean: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: size }, () => mean + random.normal());
}

describe('the interval of the shift', () => {
  it.each(
    reference.cases.map((one) => ({ ...one, sizes: `${one.experiment.length}/${one.control.length}` })),
  )(
    'is that of the inverted asymptotic test at $sizes',
    ({ experiment, control, level, estimate, low, high }) => {
      const found = shiftInterval(Float64Array.from(experiment), Float64Array.from(control), level);
      expect(found.estimate).toBeCloseTo(estimate, 9);
      expect(found.low).toBeCloseTo(low, 7);
      expect(found.high).toBeCloseTo(high, 7);
    },
  );

  it('moves with a shift and turns with a swap', () => {
    const values = fc
      .array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 15 })
      .map((list) => Float64Array.from(list));
    fc.assert(
      fc.property(values, values, (x, y) => {
        const one = shiftInterval(x, y, 0.9);
        const moved = shiftInterval(
          x.map((value) => value + 7),
          y,
          0.9,
        );
        const swapped = shiftInterval(y, x, 0.9);
        expect(moved.estimate).toBeCloseTo(one.estimate + 7, 9);
        expect(moved.low).toBeCloseTo(one.low + 7, 7);
        expect(swapped.high).toBeCloseTo(-one.low, 7);
        expect(one.low).toBeLessThanOrEqual(one.high + 1e-9);
      }),
    );
  });
});

describe('a metric of the judge', () => {
  const [usual, doubled] = [normals(1, 30, 10), normals(2, 30, 20)];

  it.each([
    ['the same level passes', usual, normals(3, 30, 10), 'both', 'pass'],
    ['twice the level is high', doubled, usual, 'both', 'high'],
    ['twice the level is high where only increases count', doubled, usual, 'up', 'high'],
    ['twice the level passes where only decreases count', doubled, usual, 'down', 'pass'],
    ['half the level is low', usual, doubled, 'both', 'low'],
    ['half the level passes where only increases count', usual, doubled, 'up', 'pass'],
    ['the same values in another order pass', usual.toReversed(), usual, 'both', 'pass'],
    ['one value everywhere passes', Float64Array.of(4, 4), Float64Array.of(4), 'both', 'pass'],
    ['two constants differ', Float64Array.of(5, 5), Float64Array.of(4, 4), 'both', 'high'],
    ['no canary is nodata', new Float64Array(0), usual, 'both', 'nodata'],
    ['no baseline is nodata', usual, new Float64Array(0), 'both', 'nodata'],
    ['a zero baseline does not hide errors', usual, new Float64Array(30), 'both', 'high'],
    ['a fall to zero has no ratio and passes, as published', new Float64Array(30), usual, 'both', 'pass'],
  ] as const)('%s', (_what, experiment, control, direction, expected) => {
    expect(classifyMetric(experiment, control, direction)).toBe(expected);
  });

  it('passes what is below the effect size that is allowed', () => {
    const settings = { ...JUDGE_DEFAULTS, allowedIncrease: 5 };
    expect(classifyMetric(doubled, usual, 'both', settings)).toBe('pass');
    expect(classifyMetric(doubled, usual, 'both', { ...settings, allowedIncrease: 1.2 })).toBe('high');
  });

  it('rejects a true null at no more than its confidence says, at 10/60', () => {
    let rejected = 0;
    for (let round = 0; round < 1000; round += 1)
      if (classifyMetric(normals(2 * round, 10, 5), normals(2 * round + 1, 60, 5), 'both') !== 'pass')
        rejected += 1;
    // 2 % without the tolerance, which takes some more; 3.5 standard errors are 1.5 %.
    expect(rejected).toBeLessThan(35);
    expect(rejected).toBeGreaterThan(0);
  });
});

describe('the score of the judge', () => {
  const metric = (group: string, classification: ClassifiedMetric['classification']): ClassifiedMetric => ({
    group,
    classification,
  });

  it('is the share of metrics that pass, nodata left out', () => {
    const metrics = [metric('a', 'pass'), metric('a', 'high'), metric('a', 'pass'), metric('a', 'nodata')];
    expect(summaryScore(metrics)).toBeCloseTo(66.67, 1);
  });

  it('weighs groups equally, or as told, the rest sharing what is left', () => {
    const metrics = [metric('a', 'low'), metric('b', 'pass'), metric('b', 'pass'), metric('c', 'pass')];
    expect(summaryScore(metrics)).toBeCloseTo(66.67, 1);
    expect(summaryScore(metrics, { a: 10 })).toBe(90);
  });

  it('gives a group without data nothing, and nobody its weight', () => {
    expect(summaryScore([metric('a', 'pass'), metric('b', 'nodata')])).toBe(50);
    expect(summaryScore([metric('a', 'nodata')])).toBe(0);
  });
});
