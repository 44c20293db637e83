import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageGap, lastThirdFrom, measureCoverage, notSeenLately, type Sight } from './coverage.js';
import { effectOnUnits, gaugeScale, ratioScale, reaches } from './effect-on-units.js';
import { passedGuardRail } from './guard-rail.js';
import { agreeingHarmProbability, harmProbability } from './harm-probability.js';
import { testRule } from './test-watch.js';

describe('harmProbability', () => {
  it('rises with the evidence and with the prior, inside (0, 1), however much was seen', () => {
    const unit = fc.double({ min: 1e-12, max: 1, noNaN: true });
    const prior = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(unit, unit, prior, unit, (a, b, share, seen) => {
        const [strong, weak] = a < b ? [a, b] : [b, a];
        expect(harmProbability(strong, share, seen)).toBeGreaterThanOrEqual(
          harmProbability(weak, share, seen),
        );
        expect(harmProbability(weak, share, seen)).toBeGreaterThan(0);
        expect(harmProbability(strong, share, seen)).toBeLessThan(1);
      }),
      { seed: 4 },
    );
    expect(harmProbability(0.01, 0.5, 1)).toBeGreaterThan(harmProbability(0.01, 0.05, 1));
  });

  it('takes no evidence as good news in step with what was seen', () => {
    expect(harmProbability(1, 0.1, 0)).toBeCloseTo(0.1, 12);
    expect(harmProbability(1, 0.1, 0.5)).toBeLessThan(0.1);
    expect(harmProbability(1, 0.1, 1)).toBeLessThan(harmProbability(1, 0.1, 0.5));
  });

  it('takes evidence of harm in full at once', () => {
    expect(harmProbability(1e-4, 0.1, 0)).toBeGreaterThan(0.9);
    expect(harmProbability(1e-4, 0.1, 0)).toBe(harmProbability(1e-4, 0.1, 1));
  });

  it('agrees with the decision', () => {
    const watching = { isGuardRail: false, isRollback: false };
    expect(agreeingHarmProbability(0.01, 0.1, false, { isGuardRail: true, isRollback: true })).toBe(0.99);
    expect(agreeingHarmProbability(0.999, 0.1, true, watching)).toBe(0.1);
    expect(agreeingHarmProbability(0.02, 0.1, true, watching)).toBe(0.02);
    expect(agreeingHarmProbability(0.999, 0.1, true, { isGuardRail: false, isRollback: true })).toBe(0.999);
    expect(agreeingHarmProbability(0.3, 0.1, false, watching)).toBe(0.3);
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
    const { effect, absoluteLow, absoluteHigh, isBounded } = effectOnUnits(
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
    expect(isBounded).toBe(false);
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
  const sight = (sent: string, reference: string, warmup: number): Sight => {
    const measure = (has: (interval: number) => boolean) => measureCoverage(has, sent.length, warmup);
    return {
      name: 'm',
      comparator: 'the control group',
      hasLostBounds: false,
      sent: measure((interval) => sent[interval] === 'x'),
      comparable: measure((interval) => sent[interval] === 'x' && reference[interval] === 'x'),
    };
  };
  const gap = (sent: string, reference = sent, warmup = 0) =>
    coverageGap(sight(sent, reference, warmup), 0.5, 20);

  it.each([
    ['xxxxxx', undefined],
    ['......', 'no-data'],
    ['xxxxxx...', 'fell-silent'],
    ['x..x..x..x', 'low-coverage'],
    ['x.xx.x', undefined],
  ])('%s is %s', (sent, code) => {
    expect(gap(sent)?.code).toBe(code);
  });

  it.each([
    [
      'xxxxxx',
      '......',
      'no-comparison',
      'm: the control group has no samples since the change to compare with.',
    ],
    [
      'xxxxxx',
      'xxx...',
      'comparison-fell-silent',
      'm: the control group has no samples to compare with in the last 3 intervals.',
    ],
    [
      'xxxxxxx',
      'x..x..x',
      'low-comparison-coverage',
      'm: the control group has samples to compare with in 43 % of the intervals; 50 % are needed.',
    ],
  ])('%s beside %s is %s', (sent, reference, code, text) => {
    expect(gap(sent, reference)).toEqual({ code, metric: 'm', text });
  });

  it('does not blame a metric that is warming up', () => {
    expect(gap('..', '..', 2)?.code).toBe('warming-up');
  });

  it.each([
    ['xxxx', 'xxxx', undefined],
    ['xxx.', 'xxx.', undefined],
    ['xx..', 'xx..', 'm has sent nothing for the last 2 intervals, too long to continue.'],
    [
      'xxxx',
      'xx..',
      'm: the control group has no samples to compare with in the last 2 intervals, too long to continue.',
    ],
  ])('%s beside %s bars continuing: %s', (sent, reference, text) => {
    expect(notSeenLately(sight(sent, reference, 0))?.text).toBe(text);
  });

  it.each([
    [1, 0, 0],
    [3, 0, 2],
    [12, 0, 8],
    [13, 0, 8],
    [12, 9, 11],
  ])('the last third of %d looks behind a warm-up of %d begins at %d', (look, warmup, from) => {
    expect(lastThirdFrom(look, warmup)).toBe(from);
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
