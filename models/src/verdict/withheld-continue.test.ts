import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import type { Arm, Assessment, LiveMetric, Snapshot } from '../contract.js';
import { mapArm } from '../series/map-arm.js';
import { createRandom } from '../statistical/random.js';
import { assess, INITIAL_CARRIED } from './assess.js';
import { bornWithTheChange, HISTORY, LOOKS, noisyGauge, testWatch, type TestMetric } from './test-watch.js';

function looksOf({ snapshot, live }: { snapshot: Snapshot; live: readonly LiveMetric[] }) {
  const calibration = calibrate(snapshot);
  const assessments: Assessment[] = [];
  for (let look = 1; look <= snapshot.plannedLooks; look++) {
    assessments.push(assess(calibration, live, look, assessments.at(-1)?.carried ?? INITIAL_CARRIED));
  }
  return assessments;
}

function judged(metrics: readonly TestMetric[], settings: Partial<Snapshot> = {}, history = HISTORY) {
  return looksOf(testWatch(metrics, settings, history));
}

function blankFrom(arm: Arm, from: number): Arm {
  const line = (values: Float64Array): Float64Array =>
    values.map((value, index) => (index >= from ? NaN : value));
  return mapArm(arm, line);
}

/** Two gauges that swing together, so that only the control foretells the treatment. */
function twins(factor: number): { readonly treatment: Arm; readonly control: Arm } {
  const random = createRandom(1);
  const common = Float64Array.from({ length: HISTORY + LOOKS }, () => 0.3 * random.normal());
  const line = (after: number): Arm => ({
    shape: 'gauge',
    values: common.map(
      (value, index) => 100 * Math.exp(value + 0.02 * random.normal()) * (index >= HISTORY ? after : 1),
    ),
  });
  return { treatment: line(factor), control: line(1) };
}

function codes(assessment: Assessment | undefined): readonly string[] {
  return assessment?.reasons.map((reason) => reason.code) ?? [];
}

describe('a missing control', () => {
  it('is judged against while it is there', () => {
    expect(judged([twins(3)]).map((each) => each.value)).toContain('rollback');
    expect(judged([twins(1)]).at(-1)?.value).toBe('continue');
  });

  it.each([
    ['since the change', 0, 'no-comparison'],
    ['after six looks', 6, 'comparison-fell-silent'],
  ])('%s never becomes continue among placebos', (_, after, code) => {
    const { treatment, control } = twins(1);
    const assessments = judged([{ treatment, control: blankFrom(control, HISTORY + after) }], {
      earliestContinue: 0.5,
    });
    expect(assessments.map((each) => each.value)).not.toContain('continue');
    expect(assessments.at(-1)).toMatchObject({ value: 'inconclusive', rule: 'not-enough-data' });
    expect(codes(assessments.at(-1))).toContain(code);
    expect(assessments.at(-1)?.reasons[0]?.text).toContain('the control group has no samples');
  });

  it('of a canary that vanishes after 6 of 60 looks never becomes continue', () => {
    const length = 90;
    const random = createRandom(4);
    const gauge = (value: (index: number) => number): Arm => ({
      shape: 'gauge',
      values: Float64Array.from({ length }, (_, index) => value(index) * Math.exp(0.05 * random.normal())),
    });
    const treatment = gauge((index) => (index < 30 ? NaN : index < 36 ? 100 : 300));
    const control = gauge((index) => (index < 36 ? 100 : NaN));
    const last = judged([{ treatment, control }], { plannedLooks: 60 }, 30).at(-1);
    expect(last?.value).toBe('inconclusive');
    expect(codes(last)).toContain('comparison-fell-silent');
  });

  it('of a canary ratio is a gap too', () => {
    const random = createRandom(5);
    const totals = new Float64Array(30 + LOOKS).fill(500);
    const ratio: Arm = { shape: 'ratio', events: totals.map(() => random.poisson(5)), totals };
    const metric = { treatment: bornWithTheChange(ratio, 30), control: blankFrom(ratio, 36) };
    expect(judged([metric], {}, 30).at(-1)?.value).toBe('inconclusive');
  });
});

describe('a metric that dies at the end', () => {
  const { snapshot, live } = testWatch([{ rule: { tolerance: {} }, treatment: noisyGauge(8) }]);
  const endingWith = (silent: number): readonly LiveMetric[] =>
    live.map(({ treatment }) => ({ treatment: blankFrom(treatment, LOOKS - silent) }));

  it.each([
    [0, 'continue'],
    [1, 'continue'],
    [2, 'inconclusive'],
  ])('for the last %d looks ends in %s', (silent, value) => {
    const last = looksOf({ snapshot, live: endingWith(silent) }).at(-1);
    expect(last?.value).toBe(value);
    if (value === 'inconclusive') expect(codes(last)).toContain('not-seen-lately');
  });

  it('for 5 of 60 looks does not continue', () => {
    const random = createRandom(6);
    const values = Float64Array.from({ length: HISTORY + 60 }, (_, index) =>
      index >= HISTORY + 55 ? NaN : 100 * Math.exp(0.05 * random.normal()),
    );
    const last = judged([{ treatment: { shape: 'gauge', values } }], { plannedLooks: 60 }).at(-1);
    expect(last?.value).toBe('inconclusive');
  });

  it('waits instead of continuing early', () => {
    const metric = { treatment: blankFrom(noisyGauge(8), HISTORY + 10) };
    const at = judged([metric], { earliestContinue: 0.6 })[11];
    expect(at?.value).toBe('pending');
    expect(at?.stillNeeded.map((reason) => reason.code)).toContain('not-seen-lately');
  });
});

describe('bounded harm', () => {
  const errorsAfter = (ratio: number, seed: number, history = 2000, looks = 30) => {
    const random = createRandom(seed);
    const totals = Float64Array.from({ length: history + looks }, () => random.poisson(10));
    const events = totals.map((total, index) =>
      index >= history ? Math.min(total, random.poisson(total * ratio)) : 0,
    );
    const rule = { minEffect: { absolute: 0.002 }, tolerance: { absolute: 0.005 } };
    const settings = { plannedLooks: looks, earliestContinue: 0.1 };
    return judged([{ rule, treatment: { shape: 'ratio', events, totals } }], settings, history);
  };

  it('is not proven by a few requests after a past without errors', () => {
    const rules = [0.02, 0].flatMap((ratio) =>
      [1, 2, 3, 4].flatMap((seed) => errorsAfter(ratio, seed).map((each) => each.rule)),
    );
    expect(rules).not.toContain('bounded-harm');
  });

  it('is not proven at the first looks', () => {
    const first = judged([{ rule: { tolerance: { relative: 5 } }, treatment: noisyGauge(3) }], {
      earliestContinue: 0,
    }).find((each) => each.value === 'continue');
    expect(first).toMatchObject({ look: 5, rule: 'bounded-harm' });
    expect(first?.reasons[0]?.text).toContain('mean since the change');
  });

  it('does not stand beside a late onset', () => {
    const random = createRandom(3);
    const values = Float64Array.from(
      { length: HISTORY + 40 },
      (_, index) => 100 * Math.exp(0.1 * random.normal()) * (index >= HISTORY + 18 ? 2 : 1),
    );
    const decided = judged([{ treatment: { shape: 'gauge', values } }], {
      plannedLooks: 40,
      earliestContinue: 0.5,
    }).find((each) => each.value !== 'pending');
    expect(decided?.value).toBe('rollback');
  });
});

describe('the probability of harm', () => {
  it('agrees with a guard-rail', () => {
    const values = new Float64Array(HISTORY + LOOKS).fill(90);
    const rule = { guardRail: { above: 80, forLooks: 3 } };
    const decided = judged([{ rule, treatment: { shape: 'gauge', values } }]).find(
      (each) => each.value === 'rollback',
    );
    expect(decided?.harmProbability).toBeGreaterThanOrEqual(0.99);
  });

  it('does not exceed the prior for a change below the practical minimum', () => {
    const last = judged([{ rule: { minEffect: { absolute: 500 } }, treatment: noisyGauge(1, 1.5) }]).at(-1);
    expect(last?.value).toBe('continue');
    expect(last?.p).toBeLessThanOrEqual(0.05);
    expect(last?.harmProbability).toBeLessThanOrEqual(0.1);
    expect(codes(last)).toContain('change-below-minimum');
    expect(codes(last)).not.toContain('no-evidence');
  });

  it('is the prior while nothing is judged', () => {
    const nothing: Arm = { shape: 'gauge', values: new Float64Array(HISTORY + LOOKS).fill(NaN) };
    for (const { harmProbability } of judged([{ treatment: nothing }]))
      expect(harmProbability).toBeCloseTo(0.1, 12);
    const warming = judged([{ rule: { warmupLooks: 6 }, treatment: noisyGauge(3) }]);
    expect(warming[5]?.harmProbability).toBeCloseTo(0.1, 12);
    expect(warming[7]?.harmProbability).toBeLessThan(0.1);
  });

  it('falls with the watch while there is no evidence', () => {
    const quiet = judged([{ treatment: noisyGauge(3) }]).filter((each) => each.p > 0.2);
    expect(quiet.length).toBeGreaterThan(5);
    expect(quiet[0]?.harmProbability).toBeGreaterThan(0.08);
    expect(quiet.at(-1)?.harmProbability).toBeLessThan(0.05);
  });
});

describe('any input full of gaps', () => {
  const value = fc.oneof(
    { weight: 2, arbitrary: fc.constant(NaN) },
    { weight: 1, arbitrary: fc.double() },
    {
      weight: 1,
      arbitrary: fc.constant(7),
    },
  );
  const pattern = fc.array(value, { minLength: 1, maxLength: 9 });
  const spread = (length: number, each: readonly number[]): Float64Array =>
    Float64Array.from({ length }, (_, index) => each[index % each.length] ?? NaN);

  it.each([
    [30, 'gauge'],
    [30, 'ratio'],
    [500, 'gauge'],
    [500, 'ratio'],
  ] as const)('never continues without enough to compare (history %d, %s)', (history, shape) => {
    const random = createRandom(9);
    const quiet = Float64Array.from({ length: history }, () => 100 * Math.exp(0.1 * random.normal()));
    const armOf = (each: readonly number[]): Arm => {
      const values = Float64Array.of(...quiet, ...spread(LOOKS, each));
      if (shape === 'gauge') return { shape, values };
      return { shape, events: values.map((total) => (Number.isNaN(total) ? NaN : 0)), totals: values };
    };
    fc.assert(
      fc.property(pattern, pattern, fc.boolean(), (own, other, hasControl) => {
        const control = hasControl ? { control: armOf(other) } : {};
        const settings = { earliestContinue: 0, minCoverage: 0.7 };
        const assessments = judged([{ treatment: armOf(own), ...control }], settings, history);
        for (const { value: verdict, metrics } of assessments) {
          const [metric] = metrics;
          if (verdict !== 'continue') continue;
          expect(metric?.kind).toBe('judged');
          expect(metric?.coverage).toBeGreaterThanOrEqual(0.7);
        }
        const ownSeen = spread(LOOKS, own).filter((each) => Number.isFinite(each)).length;
        if (ownSeen < 0.7 * LOOKS) expect(assessments.at(-1)?.value).not.toBe('continue');
        const isSequential = assessments.at(-1)?.guarantee === 'sequential';
        const isBoth = (_: number, index: number): boolean =>
          Number.isFinite(spread(LOOKS, own)[index]) && Number.isFinite(spread(LOOKS, other)[index]);
        if (hasControl && isSequential && spread(LOOKS, own).filter(isBoth).length < 0.7 * LOOKS)
          expect(assessments.at(-1)?.value).not.toBe('continue');
      }),
      { numRuns: 25, seed: 11 },
    );
  });
});
