import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageGap, measureCoverage } from './coverage.js';
import { effectOnUnits, gaugeScale, ratioScale, reaches } from './effect-on-units.js';
import { passedGuardRail } from './guard-rail.js';
import { harmProbability } from './harm-probability.js';
import { testRule } from './test-watch.js';

describe('harmProbability', () => {
  it('rises with the evidence and with the prior, inside (0, 1)', () => {
    const unit = fc.double({ min: 1e-12, max: 1, noNaN: true });
    const prior = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(unit, unit, prior, (a, b, share) => {
        const [strong, weak] = a < b ? [a, b] : [b, a];
        expect(harmProbability(strong, share)).toBeGreaterThanOrEqual(harmProbability(weak, share));
        expect(harmProbability(weak, share)).toBeGreaterThan(0);
        expect(harmProbability(strong, share)).toBeLessThan(1);
      }),
      { seed: 4 },
    );
    expect(harmProbability(0.01, 0.5)).toBeGreaterThan(harmProbability(0.01, 0.05));
  });

  it('takes no evidence as good news', () => {
    expect(harmProbability(1, 0.1)).toBeLessThan(0.1);
    expect(harmProbability(1e-4, 0.1)).toBeGreaterThan(0.9);
  });
});

describe('effectOnUnits', () => {
  it('reads a gauge back', () => {
    const scale = gaugeScale({ kind: 'log', offset: 10 });
    const { effect } = effectOnUnits(scale, 100, { delta: Math.log(160 / 110), low: 0, high: 1 }, 0.95);
    expect(effect.relative).toBeCloseTo(0.5);
    expect(effect.absolute).toBeCloseTo(50);
    expect(effect.relativeLow).toBeCloseTo(0);
  });

  it('stays finite from a zero baseline and for unbounded intervals', () => {
    const { effect, absoluteLow, absoluteHigh } = effectOnUnits(
      ratioScale(1000),
      0,
      { delta: 0.1, low: -Infinity, high: Infinity },
      0.95,
    );
    expect(effect.absolute).toBeCloseTo(0.01);
    const { relative, relativeLow, relativeHigh } = effect;
    expect([relative, relativeLow, relativeHigh, absoluteLow, absoluteHigh].every(Number.isFinite)).toBe(
      true,
    );
    expect(effect.relativeLow).toBe(0);
  });
});

describe('reaches', () => {
  it.each([
    [{}, 0.01, 1, true],
    [{}, -0.01, -1, false],
    [{ relative: 0.1 }, 0.2, 0.001, true],
    [{ relative: 0.1, absolute: 1 }, 0.2, 0.5, false],
    [{ relative: 0.1, absolute: 1 }, 0.2, 1.5, true],
  ])('%j by %d and %d: %s', (size, relative, absolute, expected) => {
    expect(reaches(size, relative, absolute)).toBe(expected);
  });
});

describe('coverage', () => {
  const gap = (seen: string, warmup = 0) => {
    const coverage = measureCoverage((interval) => seen[interval] === 'x', seen.length, warmup);
    return coverageGap('m', coverage, 0.5, 20)?.code;
  };

  it.each([
    ['xxxxxx', undefined],
    ['......', 'no-data'],
    ['xxxxxx...', 'fell-silent'],
    ['x..x..x..x', 'low-coverage'],
    ['x.xx.x', undefined],
  ])('%s is %s', (seen, code) => {
    expect(gap(seen)).toBe(code);
  });

  it('does not blame a metric that is warming up', () => {
    expect(gap('..', 2)).toBe('warming-up');
  });
});

describe('passedGuardRail', () => {
  const rule = testRule({ guardRail: { below: 10, forLooks: 2 } });

  it('needs consecutive intervals', () => {
    expect(passedGuardRail(rule, Float64Array.of(5, 20, 5, NaN, 5))).toBeUndefined();
    expect(passedGuardRail(rule, Float64Array.of(20, 5, 5))?.text).toBe(
      'latency stayed below 10 ms for 2 consecutive intervals.',
    );
  });

  it('never decides for an advisory metric', () => {
    expect(passedGuardRail({ ...rule, criticality: 'advisory' }, Float64Array.of(1, 1, 1))).toBeUndefined();
  });
});
