import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import type { Assessment, LiveMetric, MetricEvidence, MetricRule, Snapshot } from '../contract.js';
import { mapArm } from '../series/map-arm.js';
import { assess, INITIAL_CARRIED } from './assess.js';
import { DEFAULT_BOUNDS, noisyHistogram, type SlowPart } from './noisy-histogram.test-support.js';
import { bornWithTheChange, HISTORY, LOOKS, testWatch } from './test-watch.js';

const RULE: Partial<MetricRule> = { unit: 's', minEffect: { relative: 0.05 }, tolerance: { relative: 0.3 } };
const FINE_BOUNDS = [...Array.from({ length: 40 }, (_, index) => 0.01 * 1.15 ** index), Infinity];

function watched({ snapshot, live }: { snapshot: Snapshot; live: readonly LiveMetric[] }) {
  const calibration = calibrate(snapshot);
  const assessments: Assessment[] = [];
  for (let look = 1; look <= snapshot.plannedLooks; look++)
    assessments.push(assess(calibration, live, look, assessments.at(-1)?.carried ?? INITIAL_CARRIED));
  return { summary: calibration.summary, assessments };
}

function release(
  seed: number,
  defect?: SlowPart,
  requests = 1000,
  history = HISTORY,
  bounds = DEFAULT_BOUNDS,
) {
  const treatment = noisyHistogram({
    seed,
    requests,
    length: history + LOOKS,
    changeIndex: history,
    upperBounds: bounds,
    ...(defect === undefined ? {} : { defect }),
  });
  return watched(testWatch([{ rule: RULE, treatment }], {}, history));
}

function judgedOf(assessment: Assessment | undefined): Extract<MetricEvidence, { kind: 'judged' }> {
  const [metric] = assessment?.metrics ?? [];
  if (metric?.kind !== 'judged') throw new Error(JSON.stringify(metric));
  return metric;
}

const firstRollback = (assessments: readonly Assessment[]): number =>
  assessments.findIndex(({ value }) => value === 'rollback');

describe('a histogram against its own past', () => {
  it('sees that 2 % of the requests take five times as long, and says so of the tail', () => {
    const { summary, assessments } = release(1, { share: 0.02, factor: 5 });
    expect(summary.guarantee).toBe('placebo');
    const found = firstRollback(assessments);
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(6);
    const { effect, quantile = 0, scorer } = judgedOf(assessments.at(-1));
    expect(scorer).toBe('counts');
    expect(quantile).toBeGreaterThan(0.95);
    expect(effect.relativeLow).toBeGreaterThan(0.05);
  });

  it('sees that all requests take 15 % longer, and says by how much', () => {
    const { assessments } = release(2, { share: 1, factor: 1.15 }, 1000, HISTORY, FINE_BOUNDS);
    expect(firstRollback(assessments)).toBeGreaterThan(0);
    const { effect, low, high, expected } = judgedOf(assessments.at(-1));
    expect(effect.relative).toBeGreaterThan(0.08);
    expect(effect.relative).toBeLessThan(0.25);
    expect(effect.relativeLow).toBeLessThan(0.15);
    expect(effect.relativeHigh).toBeGreaterThan(0.15);
    expect(expected.every((value, look) => value >= (low[look] ?? NaN) && value <= (high[look] ?? NaN))).toBe(
      true,
    );
  });

  it('lets a release pass that changes nothing, and one that is faster', () => {
    expect(release(3).assessments.at(-1)?.value).toBe('continue');
    expect(release(4, { share: 1, factor: 0.7 }).assessments.at(-1)?.value).toBe('continue');
  });

  it('proves the median and the 99th percentile harmless where there is traffic enough', () => {
    const { assessments } = release(5, undefined, 10_000, HISTORY, FINE_BOUNDS);
    expect(judgedOf(assessments.at(-1)).withinTolerance).toBe(true);
    const small = release(5, undefined, 20, HISTORY, FINE_BOUNDS);
    expect(judgedOf(small.assessments.at(-1)).withinTolerance).toBe(false);
  });
});

describe('a histogram without a past', () => {
  const history = 30;
  const arms = (seed: number, defect?: SlowPart, requests = 1000) => {
    const length = history + LOOKS;
    const slow = { ...(defect === undefined ? {} : { defect }), changeIndex: history };
    return {
      rule: RULE,
      treatment: noisyHistogram({ seed, requests, length, ...slow, wander: 0 }),
      control: noisyHistogram({ seed: seed + 1000, requests: 4 * requests, length, wander: 0 }),
    };
  };

  it('is compared with its control by e-processes', () => {
    const { summary, assessments } = watched(testWatch([arms(1, { share: 0.02, factor: 5 })], {}, history));
    expect(summary.guarantee).toBe('sequential');
    expect(firstRollback(assessments)).toBeGreaterThanOrEqual(0);
    expect(judgedOf(assessments.at(-1)).quantile).toBeGreaterThan(0.95);
  });

  it('is compared with its control where neither arm had a past', () => {
    const { treatment, control, rule } = arms(2, { share: 1, factor: 1.3 });
    const born = {
      rule,
      treatment: bornWithTheChange(treatment, history),
      control: bornWithTheChange(control, history),
    };
    const { assessments } = watched(testWatch([born], {}, history));
    expect(firstRollback(assessments)).toBeGreaterThanOrEqual(0);
  });

  it('is not continued where the new version lost the bounds of the tail', () => {
    const fine = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, Infinity];
    const born = (seed: number, upperBounds: readonly number[], defect?: SlowPart) => {
      const slow = defect === undefined ? {} : { defect, changeIndex: 0 };
      const length = history + LOOKS;
      return bornWithTheChange(
        noisyHistogram({ seed, requests: 20_000, length, wander: 0, upperBounds, ...slow }),
        history,
      );
    };
    const watch = (bounds: readonly number[]) =>
      watched(
        testWatch(
          [{ rule: RULE, treatment: born(1, bounds, { share: 0.004, factor: 50 }), control: born(2, fine) }],
          {},
          history,
        ),
      ).assessments;
    expect(firstRollback(watch(fine))).toBeGreaterThanOrEqual(0);
    expect(watch([0.05, 0.1, 10, Infinity]).at(-1)?.value).toBe('inconclusive');
  });

  it('alarms in less than α of releases that change nothing', () => {
    let alarms = 0;
    for (let seed = 0; seed < 60; seed++)
      if (firstRollback(watched(testWatch([arms(seed, undefined, 200)], {}, history)).assessments) >= 0)
        alarms++;
    // Binomial(60, 0.05): 8 or more have a probability of 1 %.
    expect(alarms).toBeLessThan(8);
  });
});

describe('a histogram that cannot be read', () => {
  const length = HISTORY + LOOKS;
  const good = noisyHistogram({ seed: 9, requests: 500, length });
  const broken = {
    empty: mapArm(good, (line) => line.map(() => 0)),
    missing: mapArm(good, (line) => line.map(() => NaN)),
    negative: mapArm(good, (line) => line.map((count) => -count)),
    endless: mapArm(good, (line) => line.map(() => Infinity)),
    descending: { ...good, upperBounds: good.upperBounds.toReversed() },
    'without buckets': { ...good, upperBounds: new Float64Array(0), counts: [] },
    'of one endless bucket': {
      ...good,
      upperBounds: Float64Array.of(Infinity),
      counts: good.counts.slice(0, 1),
    },
  };

  it.each(Object.entries(broken))('is never continued: %s', (_, treatment) => {
    const { assessments } = watched(testWatch([{ rule: RULE, treatment }]));
    expect(assessments.at(-1)?.value).toBe('inconclusive');
  });

  it('says nothing of a release that changes its buckets: it looks neither slower nor faster', () => {
    const { snapshot } = testWatch([{ rule: RULE, treatment: good }]);
    const upperBounds = [0.007, 0.02, 0.07, 0.2, 0.7, 2, Infinity];
    const treatment = noisyHistogram({ seed: 9, requests: 500, length: LOOKS, upperBounds });
    const last = watched({ snapshot, live: [{ treatment }] }).assessments.at(-1);
    expect(last?.value).toBe('inconclusive');
    expect(last?.metrics[0]).toMatchObject({ reason: { code: 'lost-bounds' } });
  });

  it('says nothing of a release that keeps the bound of the median and loses those of the tail', () => {
    const { snapshot } = testWatch([{ rule: RULE, treatment: good }]);
    const upperBounds = [0.05, 0.1, 10, Infinity];
    const slow = { defect: { share: 0.02, factor: 50 }, changeIndex: 0 };
    const treatment = noisyHistogram({ seed: 9, requests: 500, length: LOOKS, upperBounds, ...slow });
    const last = watched({ snapshot, live: [{ treatment }] }).assessments.at(-1);
    expect(last?.value).toBe('inconclusive');
    expect(last?.metrics[0]).toMatchObject({ reason: { code: 'lost-bounds' } });
  });

  it('goes on where a release has finer buckets', () => {
    const { snapshot } = testWatch([{ rule: RULE, treatment: good }]);
    const upperBounds = [...DEFAULT_BOUNDS, 0.02, 0.075, 0.15, 0.2].toSorted((a, b) => a - b);
    const treatment = noisyHistogram({ seed: 9, requests: 500, length: LOOKS, upperBounds });
    expect(watched({ snapshot, live: [{ treatment }] }).assessments.at(-1)?.value).toBe('continue');
  });

  it('gives finite numbers whatever comes', () => {
    const count = fc.constantFrom(0, 1, 3, 1e6, 2 ** 53, NaN, -1, Infinity);
    const calibrated = calibrate(testWatch([{ rule: RULE, treatment: good }]).snapshot);
    fc.assert(
      fc.property(
        fc.array(fc.array(count, { minLength: LOOKS, maxLength: LOOKS }), {
          minLength: DEFAULT_BOUNDS.length,
          maxLength: DEFAULT_BOUNDS.length,
        }),
        fc.integer({ min: 1, max: LOOKS }),
        (lines, look) => {
          const counts = lines.map((line) => Float64Array.from(line));
          const treatment = { shape: 'histogram' as const, upperBounds: good.upperBounds, counts };
          const { p, harmProbability, metrics } = assess(calibrated, [{ treatment }], look, INITIAL_CARRIED);
          expect([p, harmProbability].every((value) => value >= 0 && value <= 1)).toBe(true);
          const [metric] = metrics;
          if (metric?.kind !== 'judged') return;
          const { relative, relativeLow, relativeHigh, absolute } = metric.effect;
          expect([relative, relativeLow, relativeHigh, absolute, metric.score].every(Number.isFinite)).toBe(
            true,
          );
          expect(relativeLow).toBeLessThanOrEqual(relativeHigh);
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it('in one interval of three costs nothing but coverage', () => {
    const gappy = mapArm(good, (line) => line.map((count, index) => (index % 3 === 0 ? NaN : count)));
    expect(watched(testWatch([{ rule: RULE, treatment: gappy }])).assessments.at(-1)?.value).toBe('continue');
  });
});
