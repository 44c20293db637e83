import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, type Calibration } from '../calibration/calibrate.js';
import type { Arm, Assessment, Carried, LiveMetric, Snapshot } from '../contract.js';
import { assess, INITIAL_CARRIED } from '../verdict/assess.js';
import { HISTORY, LOOKS, noisyGauge, noisyRatio, testWatch, type TestMetric } from '../verdict/test-watch.js';
import { assessAndExplain } from './assess-and-explain.js';
import type { Flip } from './explanation.js';
import { prolonged } from './prolonged.js';

/** What the looks before one hand on. */
function carriedTo(calibration: Calibration, live: readonly LiveMetric[], look: number): Carried {
  let carried = INITIAL_CARRIED;
  for (let before = 1; before < look; before++) carried = assess(calibration, live, before, carried).carried;
  return carried;
}

function explained(metrics: readonly TestMetric[], look: number, settings: Partial<Snapshot> = {}) {
  const { snapshot, live } = testWatch(metrics, settings);
  const calibration = calibrate(snapshot);
  const carried = carriedTo(calibration, live, look);
  return { calibration, live, carried, found: assessAndExplain(calibration, live, look, carried) };
}

function flipOf<Kind extends Flip['kind']>(
  { explanation }: Assessment,
  kind: Kind,
): Extract<Flip, { kind: Kind }> | undefined {
  return explanation?.flips.find((flip): flip is Extract<Flip, { kind: Kind }> => flip.kind === kind);
}

/** The verdict at a look, did one metric stay at a level from `look` on. */
function verdictLater(
  calibration: Calibration,
  live: readonly LiveMetric[],
  look: number,
  more: number,
  level: number,
): Assessment['value'] {
  const later = live.map((one) => prolonged(one, look, more, level) ?? one);
  const carried = carriedTo(calibration, later, look + more);
  return assess(calibration, later, look + more, carried).value;
}

const shifted: readonly TestMetric[] = [
  { rule: { name: 'latency' }, treatment: noisyGauge(1, 1.6) },
  { rule: { name: 'queue' }, treatment: noisyGauge(2) },
];

describe('assessAndExplain', () => {
  it('judges as assess does, to the bit', () => {
    const { calibration, live, carried, found } = explained(shifted, 8);
    const { explanation, forecasts, ...assessment } = found;
    expect(explanation).toBeDefined();
    expect(forecasts).toBeUndefined();
    expect(assessment).toEqual(assess(calibration, live, 8, carried));
  });

  it('names the scan that spoke: the loudest part is the evidence itself', () => {
    const { found } = explained(shifted, 8);
    const [part] = found.explanation?.metrics ?? [];
    const [evidence] = found.metrics;
    if (evidence?.kind !== 'judged') throw new Error('the shifted metric was not judged');
    expect(part?.metric).toBe('latency');
    expect(part?.contribution).toBe(evidence.contribution);
    expect(part?.scorers[0]?.scorer).toBe(evidence.scorer);
    expect(part?.scorers[0]?.score).toBeCloseTo(evidence.score, 12);
    expect(part?.scorers[0]?.atLook).toBeLessThanOrEqual(8);
    const scores = part?.scorers.map(({ score }) => score) ?? [];
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('says what a rollback would have been without the metric that brought it: as if that had done what was expected', () => {
    const { calibration, live, found } = explained(shifted, 8);
    expect(found.value).toBe('rollback');
    const flip = flipOf(found, 'without-metric');
    expect(flip).toMatchObject({ metric: 'latency', verdict: 'pending' });
    const [evidence] = found.metrics;
    if (evidence?.kind !== 'judged') throw new Error('the shifted metric was not judged');
    const calm: readonly LiveMetric[] = live.map((one, index) =>
      index === 0 ? { treatment: { shape: 'gauge', values: evidence.expected } } : one,
    );
    const again = assess(calibration, calm, 8, carriedTo(calibration, calm, 8));
    expect(again.value).toBe('pending');
    expect(flip?.p).toBeCloseTo(again.p, 12);
  });

  it('says nothing of one metric where two would each roll back', () => {
    const both = shifted.map((one, index) => ({ ...one, treatment: noisyGauge(5 + index, 1.6) }));
    const { found } = explained(both, 8);
    expect(found.value).toBe('rollback');
    expect(flipOf(found, 'without-metric')).toBeUndefined();
  });

  it('says what would be without the limit that was passed', () => {
    const { found } = explained(
      [{ rule: { guardRail: { above: 90, forLooks: 1 } }, treatment: noisyGauge(3) }],
      5,
    );
    expect(found.rule).toBe('guard-rail');
    expect(flipOf(found, 'without-limit')).toMatchObject({ metric: 'latency', verdict: 'pending' });
  });

  it('says what would be were a silent metric not required', () => {
    const silent: Arm = { shape: 'gauge', values: new Float64Array(HISTORY + LOOKS).fill(NaN) };
    const { found } = explained(
      [
        { rule: { name: 'latency' }, treatment: noisyGauge(4) },
        { rule: { name: 'orders' }, treatment: silent },
      ],
      LOOKS,
    );
    expect(found.value).toBe('inconclusive');
    expect(flipOf(found, 'not-required')).toEqual({
      kind: 'not-required',
      metrics: ['orders'],
      verdict: 'continue',
    });
  });

  it.each([
    ['a gauge that must not rise', { treatment: noisyGauge(6) }, 0.9],
    ['a gauge that must not fall', { rule: { direction: 'down' as const }, treatment: noisyGauge(6) }, 0.9],
    ['a ratio', { treatment: noisyRatio(6, 0.01, 0.01) }, 0.9],
  ])('gives the level that would roll back, and a little less would not: %s', (_, metric, share) => {
    const { calibration, live, found } = explained([metric], 6);
    expect(found.value).toBe('pending');
    const flip = flipOf(found, 'stays-at');
    if (flip === undefined) throw new Error('no level was found');
    const { level, expected, looks, side } = flip;
    expect(side).toBe(level > expected ? 'above' : 'below');
    expect(verdictLater(calibration, live, 6, looks, level)).toBe('rollback');
    const less = expected + share * (level - expected);
    expect(verdictLater(calibration, live, 6, looks, less)).not.toBe('rollback');
  });

  it('gives such a level by e-processes too', () => {
    const metric: TestMetric = {
      treatment: noisyRatio(6, 0.01, 0.01, 1000, 60),
      control: noisyRatio(7, 0.01, 0.01, 1000, 60),
    };
    const { snapshot, live } = testWatch([metric], {}, 60);
    const calibration = calibrate(snapshot);
    const found = assessAndExplain(calibration, live, 8, carriedTo(calibration, live, 8));
    expect(found.guarantee).toBe('sequential');
    const flip = flipOf(found, 'stays-at');
    if (flip === undefined) throw new Error('no level was found');
    expect(verdictLater(calibration, live, 8, flip.looks, flip.level)).toBe('rollback');
  });

  it('says how long until a rollback if nothing changes: judged again, that look is the first', () => {
    const { calibration, live, found } = explained([{ treatment: noisyGauge(16, 1.15) }], 6);
    expect(found.value).toBe('pending');
    const ahead = found.explanation?.ahead;
    expect(ahead?.atMostLooks).toBe(LOOKS - 6);
    const inLooks = ahead?.rollback?.inLooks ?? NaN;
    expect(inLooks).toBeGreaterThan(1);
    const [judged] = found.metrics;
    if (judged?.kind !== 'judged') throw new Error('the metric was not judged');
    const [{ treatment }] = live as readonly [LiveMetric];
    if (treatment.shape !== 'gauge') throw new Error('the metric is a gauge');
    const seen = treatment.values.subarray(judged.onsetLook ?? 0, 6);
    const level = seen.reduce((sum, value) => sum + value, 0) / seen.length;
    expect(verdictLater(calibration, live, 6, inLooks, level)).toBe('rollback');
    expect(verdictLater(calibration, live, 6, inLooks - 1, level)).toBe('pending');
  });

  it('estimates when an early continue comes, not before the policy lets it and not far from when it does', () => {
    const metric: TestMetric = { rule: { tolerance: { relative: 0.12 } }, treatment: noisyGauge(13) };
    const settings = { earliestContinue: 0.2, plannedLooks: LOOKS };
    const { calibration, live, found } = explained([metric], 5, settings);
    expect(found.value).toBe('pending');
    const estimate = 5 + (found.explanation?.ahead?.continueInLooks ?? Infinity);
    let actual = 6;
    for (; actual < LOOKS; actual++) {
      const { value } = assess(calibration, live, actual, carriedTo(calibration, live, actual));
      if (value === 'continue') break;
    }
    expect(estimate).toBeGreaterThan(5);
    expect(estimate / actual).toBeGreaterThan(0.4);
    expect(estimate / actual).toBeLessThan(2.5);
  });

  it('is silent on what is ahead once the verdict is out', () => {
    const { found } = explained(shifted, 8);
    expect(found.explanation?.ahead).toBeUndefined();
    expect(flipOf(found, 'stays-at')).toBeUndefined();
  });

  it('forecasts the limit that a leak runs towards', () => {
    const leak = (arm: Arm): Arm => {
      if (arm.shape !== 'gauge') return arm;
      const values = arm.values.map(
        (value, index) => 100 + 0.1 * (value - 100) + 3 * Math.max(0, index - HISTORY),
      );
      return { shape: 'gauge', values };
    };
    const { found } = explained(
      [
        {
          rule: { name: 'memory', kind: 'saturation', ceiling: 250, unit: 'MiB' },
          treatment: leak(noisyGauge(9)),
        },
      ],
      18,
    );
    const [forecast] = found.forecasts ?? [];
    expect(forecast?.metric).toBe('memory');
    // 100 + 3 an interval stands at 151 now: 33 to go.
    expect(forecast?.inLooks).toBeGreaterThan(28);
    expect(forecast?.inLooks).toBeLessThan(39);
  });

  it('explains any live values with finite numbers and known parts', () => {
    const { snapshot } = testWatch([
      {
        rule: { name: 'latency', ceiling: 500, guardRail: { above: 400, forLooks: 2 } },
        treatment: noisyGauge(1),
      },
      { rule: { name: 'errors' }, treatment: noisyRatio(1, 0.01, 0.01) },
    ]);
    const calibration = calibrate(snapshot);
    const value = fc.oneof(
      fc.double({ min: -1e3, max: 1e4, noNaN: true }),
      fc.constantFrom(NaN, 0, 100, 100, Infinity, -1),
    );
    const line = fc
      .array(value, { minLength: LOOKS, maxLength: LOOKS })
      .map((drawn) => Float64Array.from(drawn));
    fc.assert(
      fc.property(line, line, line, fc.integer({ min: 1, max: LOOKS }), (values, events, totals, look) => {
        const live: readonly LiveMetric[] = [
          { treatment: { shape: 'gauge', values } },
          { treatment: { shape: 'ratio', events, totals } },
        ];
        const { explanation } = assessAndExplain(calibration, live, look, INITIAL_CARRIED);
        for (const flip of explanation?.flips ?? []) {
          if (flip.kind === 'stays-at') expect([flip.level, flip.expected].every(Number.isFinite)).toBe(true);
          if ('p' in flip) expect(flip.p).toBeGreaterThan(0);
        }
        for (const part of explanation?.metrics ?? [])
          for (const { score, atLook } of part.scorers) {
            expect(score).toBeGreaterThan(0);
            expect(atLook).toBeLessThanOrEqual(look);
          }
      }),
      { seed: 12, numRuns: 40 },
    );
  });
});
