import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import type { Arm, Assessment, LiveMetric, Snapshot } from '../contract.js';
import { mapArm } from '../series/map-arm.js';
import { assess, INITIAL_CARRIED } from './assess.js';
import {
  bornWithTheChange,
  HISTORY,
  LOOKS,
  noisyGauge,
  noisyRatio,
  testWatch,
  type TestMetric,
} from './test-watch.js';

function watch(snapshot: Snapshot, live: readonly LiveMetric[]): readonly Assessment[] {
  const calibration = calibrate(snapshot);
  const assessments: Assessment[] = [];
  for (let look = 1; look <= snapshot.plannedLooks; look++) {
    assessments.push(assess(calibration, live, look, assessments.at(-1)?.carried ?? INITIAL_CARRIED));
  }
  return assessments;
}

function judged(metrics: readonly TestMetric[], settings: Partial<Snapshot> = {}, history = HISTORY) {
  const { snapshot, live } = testWatch(metrics, settings, history);
  const assessments = watch(snapshot, live);
  const decided = assessments.find((each) => each.value !== 'pending');
  if (decided === undefined) throw new Error('a watch must decide at its last look');
  return { assessments, decided };
}

/** Every way of comparing: placebo gauges and ratios with and without control, and the e-processes. */
const COMPARISONS: readonly (readonly [string, number, readonly TestMetric[]])[] = [
  ['placebo gauge', HISTORY, [{ treatment: noisyGauge(1) }]],
  ['placebo gauge with control', HISTORY, [{ treatment: noisyGauge(2), control: noisyGauge(3) }]],
  ['placebo ratio', HISTORY, [{ treatment: noisyRatio(14, 0.01, 0.01) }]],
  [
    'placebo ratio with control',
    HISTORY,
    [{ treatment: noisyRatio(5, 0.01, 0.01), control: noisyRatio(6, 0.01, 0.01) }],
  ],
  ['gauge before and after', 30, [{ treatment: noisyGauge(7, 1, 30) }]],
  [
    'gauge against control',
    30,
    [{ treatment: bornWithTheChange(noisyGauge(8, 1, 30), 30), control: noisyGauge(9, 1, 30) }],
  ],
  [
    'ratio against control',
    30,
    [{ treatment: noisyRatio(10, 0.01, 0.01, 500, 30), control: noisyRatio(11, 0.01, 0.01, 500, 30) }],
  ],
  ['ratio before and after', 30, [{ treatment: noisyRatio(12, 0.01, 0.01, 500, 30) }]],
];

function scrambled(arm: Arm, from: number): Arm {
  const spoil = (values: Float64Array): Float64Array =>
    values.map((value, index) => (index < from ? value : index % 3 === 0 ? NaN : 1e6 + index));
  return mapArm(arm, spoil);
}

describe.each(COMPARISONS)('%s', (_, history, metrics) => {
  const { snapshot, live } = testWatch(metrics, { earliestContinue: 0.5 }, history);
  const assessments = watch(snapshot, live);

  it('reads nothing behind the look', () => {
    const calibration = calibrate(snapshot);
    for (const look of [2, 7, 13]) {
      const spoilt = live.map(({ treatment, control }) => ({
        treatment: scrambled(treatment, look),
        ...(control === undefined ? {} : { control: scrambled(control, look) }),
      }));
      const carried = assessments[look - 2]?.carried ?? INITIAL_CARRIED;
      expect(assess(calibration, spoilt, look, carried)).toEqual(assessments[look - 1]);
    }
  });

  it('goes on after a restart as if nothing had happened', () => {
    const again = calibrate(snapshot);
    const stored = JSON.parse(JSON.stringify(assessments[9]?.carried)) as Assessment['carried'];
    expect(assess(again, live, 11, stored)).toEqual(assessments[10]);
  });

  it('gives finite numbers, a falling p and effects inside their intervals', () => {
    let before = 1;
    for (const { carried, p, harmProbability, metrics: evidence } of assessments) {
      expect(carried.p).toBeLessThanOrEqual(before);
      before = carried.p;
      expect(p).toBeGreaterThan(0);
      expect(harmProbability).toBeGreaterThan(0);
      expect(harmProbability).toBeLessThan(1);
      for (const each of evidence) {
        if (each.kind !== 'judged') continue;
        const { relative, relativeLow, relativeHigh, absolute } = each.effect;
        expect(
          [relative, relativeLow, relativeHigh, absolute, each.score, each.p].every(Number.isFinite),
        ).toBe(true);
        expect(relativeLow).toBeLessThanOrEqual(relative);
        expect(relativeHigh).toBeGreaterThanOrEqual(relative);
      }
    }
  });

  it('does not roll back what did not change', () => {
    expect(assessments.at(-1)?.value).toBe('continue');
  });
});

describe('a harmful change', () => {
  it.each<readonly [string, number, readonly TestMetric[], string]>([
    ['a gauge', HISTORY, [{ treatment: noisyGauge(1, 1.5) }], 'placebo'],
    ['an error ratio from zero', HISTORY, [{ treatment: noisyRatio(2, 0, 0.01) }], 'placebo'],
    ['a gauge with short history', 30, [{ treatment: noisyGauge(3, 1.8, 30) }], 'sequential'],
    [
      'a canary ratio',
      30,
      [
        {
          treatment: bornWithTheChange(noisyRatio(4, 0.05, 0.05, 1000, 30), 30),
          control: noisyRatio(5, 0.01, 0.01, 1000, 30),
        },
      ],
      'sequential',
    ],
  ])('in %s is rolled back', (_, history, metrics, guarantee) => {
    const { decided } = judged(metrics, {}, history);
    expect(decided).toMatchObject({ value: 'rollback', rule: 'calibrated-evidence', guarantee });
    expect(decided.reasons.map((reason) => reason.code)).toContain('harm-found');
  });

  it('is not rolled back below its practical minimum', () => {
    const rule = { minEffect: { relative: 0.05, absolute: 500 } };
    const { assessments } = judged([{ rule, treatment: noisyGauge(1, 1.5) }]);
    expect(assessments.at(-1)).toMatchObject({ value: 'continue' });
    expect(assessments.at(-1)?.reasons.map((reason) => reason.code)).toContain('effect-below-minimum');
  });

  it('names its size, onset and metric', () => {
    const { assessments } = judged([
      { treatment: noisyGauge(1, 1.5) },
      { rule: { name: 'other' }, treatment: noisyGauge(2) },
    ]);
    const [hit, other] = assessments.at(-1)?.metrics ?? [];
    expect(hit).toMatchObject({ kind: 'judged', onsetLook: 0, beyondMinEffect: true });
    if (hit?.kind !== 'judged' || other?.kind !== 'judged') throw new Error('both must be judged');
    expect(hit.effect.relative).toBeGreaterThan(0.4);
    expect(hit.effect.relative).toBeLessThan(0.6);
    expect(hit.contribution).toBeGreaterThan(0.8);
    expect(hit.contribution + other.contribution).toBeCloseTo(1);
  });

  it('in an advisory metric never decides', () => {
    const advisory = {
      rule: { name: 'advice', criticality: 'advisory' as const },
      treatment: noisyGauge(1, 3),
    };
    const { decided } = judged([advisory, { treatment: noisyGauge(2) }]);
    expect(decided.value).toBe('continue');
  });
});

describe('an improvement', () => {
  it.each([HISTORY, 30])('never counts as harm (history %i)', (history) => {
    const { decided } = judged([{ treatment: noisyGauge(1, 0.3, history) }], {}, history);
    expect(decided.value).toBe('continue');
  });

  it('of a metric whose fall harms is harm', () => {
    const { decided } = judged([{ rule: { direction: 'down' }, treatment: noisyGauge(1, 0.6) }]);
    expect(decided.value).toBe('rollback');
  });
});

describe('missing data', () => {
  const silentFrom = (arm: Arm, from: number): Arm => {
    if (arm.shape !== 'gauge') throw new Error('a gauge is needed');
    return { shape: 'gauge', values: arm.values.map((value, index) => (index >= from ? NaN : value)) };
  };

  it.each([
    ['from the start', 0, 'no-data'],
    ['after a while', 12, 'fell-silent'],
  ])('%s never becomes continue', (_, after, code) => {
    const silent = { treatment: silentFrom(noisyGauge(1), HISTORY + after) };
    const { assessments } = judged([silent, { rule: { name: 'other' }, treatment: noisyGauge(2) }]);
    expect(assessments.at(-1)).toMatchObject({ value: 'inconclusive', rule: 'not-enough-data' });
    expect(assessments.at(-1)?.reasons.map((reason) => reason.code)).toContain(code);
  });

  it('of an optional metric does not bar continue', () => {
    const silent = {
      rule: { name: 'extra', required: false },
      treatment: silentFrom(noisyGauge(1), HISTORY),
    };
    const { assessments } = judged([silent, { treatment: noisyGauge(2) }]);
    expect(assessments.at(-1)?.value).toBe('continue');
  });

  it('everywhere is inconclusive with no guarantee', () => {
    const nothing: Arm = { shape: 'gauge', values: new Float64Array(HISTORY + LOOKS).fill(NaN) };
    const { decided } = judged([{ treatment: nothing }]);
    expect(decided).toMatchObject({
      value: 'inconclusive',
      rule: 'not-enough-data',
      guarantee: 'none',
      p: 1,
    });
  });
});

describe('guard-rails', () => {
  it('decide at once, after the declared number of looks and behind the warm-up', () => {
    const rule = { guardRail: { above: 80, forLooks: 3 }, warmupLooks: 4, minEffect: { relative: 100 } };
    const { decided } = judged([
      { rule, treatment: { shape: 'gauge', values: new Float64Array(HISTORY + LOOKS).fill(90) } },
    ]);
    expect(decided).toMatchObject({
      look: 7,
      value: 'rollback',
      rule: 'guard-rail',
      guarantee: 'guard-rail',
    });
  });

  it('hold a ratio against its limit', () => {
    const rule = { guardRail: { above: 0.2, forLooks: 2 }, minEffect: { absolute: 0.9 } };
    const { decided } = judged([{ rule, treatment: noisyRatio(1, 0.01, 0.5) }]);
    expect(decided).toMatchObject({ look: 2, rule: 'guard-rail' });
  });
});

describe('an early continue', () => {
  it('comes only after the declared share of looks and with harm bounded', () => {
    const { decided } = judged([{ treatment: noisyGauge(3) }], { earliestContinue: 0.6 });
    expect(decided).toMatchObject({ look: 12, value: 'continue', rule: 'bounded-harm' });
  });

  it('never comes without a tolerance', () => {
    const { decided } = judged([{ rule: { tolerance: {} }, treatment: noisyGauge(3) }], {
      earliestContinue: 0,
    });
    expect(decided).toMatchObject({ look: LOOKS, rule: 'watch-ended-without-evidence' });
  });
});

describe('any input', () => {
  const value = fc.oneof(
    fc.constant(0),
    fc.constant(NaN),
    fc.constant(7),
    fc.double({ noNaN: false }),
    fc.double({ min: 0, max: 1e-9 }),
  );
  const line = (length: number): fc.Arbitrary<Float64Array> =>
    fc
      .array(value, { minLength: 1, maxLength: 12 })
      .map((pattern) => Float64Array.from({ length }, (_, index) => pattern[index % pattern.length] ?? 0));

  it('gives a verdict with finite numbers', () => {
    const length = 500 + LOOKS;
    fc.assert(
      fc.property(line(length), line(length), line(length), (a, b, c) => {
        const { assessments } = judged(
          [
            { treatment: { shape: 'gauge', values: a }, control: { shape: 'gauge', values: b } },
            { rule: { name: 'errors' }, treatment: { shape: 'ratio', events: b, totals: c } },
            { rule: { name: 'both', direction: 'both' }, treatment: { shape: 'gauge', values: c } },
          ],
          { excluded: [[100, 110]] },
          500,
        );
        for (const { p, harmProbability, metrics } of assessments) {
          expect(p > 0 && p <= 1).toBe(true);
          expect(Number.isFinite(harmProbability)).toBe(true);
          for (const each of metrics) {
            if (each.kind === 'judged') {
              const { relative, relativeLow, relativeHigh, absolute } = each.effect;
              expect(
                [relative, relativeLow, relativeHigh, absolute, each.score, each.p, each.contribution].every(
                  Number.isFinite,
                ),
              ).toBe(true);
            }
          }
        }
      }),
      { numRuns: 25, seed: 3 },
    );
  }, 60_000);
});
