import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import type { Assessment, Baseline, MetricRule, Snapshot } from '../contract.js';
import { assess, INITIAL_CARRIED } from './assess.js';
import { LOOKS, noisyGauge, noisyRatio, testWatch, type TestMetric } from './test-watch.js';

function watch(metrics: readonly TestMetric[], settings: Partial<Snapshot> = {}, history?: number) {
  const { snapshot, live } = testWatch(metrics, settings, history);
  const calibration = calibrate(snapshot);
  const looks: Assessment[] = [];
  for (let look = 1; look <= LOOKS; look++)
    looks.push(assess(calibration, live, look, looks.at(-1)?.carried ?? INITIAL_CARRIED));
  return { looks, calibration };
}

describe('a metric that is judged late', () => {
  it('is judged at each look as it would have been so many looks earlier, and is drawn to the look', () => {
    const metric = { treatment: noisyGauge(1, 1.5) };
    const inTime = watch([metric]).looks;
    const late = watch([{ ...metric, rule: { lateLooks: 4 } }]).looks;
    expect(late.slice(0, 4).map((each) => each.metrics[0])).toMatchObject(
      new Array(4).fill({ kind: 'insufficient', reason: { code: 'settling' } }),
    );
    for (const look of [5, 12, 20]) {
      const [before, now] = [inTime[look - 5]?.metrics[0], late[look - 1]?.metrics[0]];
      if (before?.kind !== 'judged' || now?.kind !== 'judged') throw new Error('both are judged');
      expect([now.p, now.score, now.effect]).toEqual([before.p, before.score, before.effect]);
      expect(now.expected).toHaveLength(look);
      expect(now.expected.subarray(0, look - 4)).toEqual(before.expected);
      expect(now.expected.at(-1)).toBeNaN();
    }
    const decided = (looks: readonly Assessment[]) => looks.find((each) => each.value !== 'pending');
    expect(decided(late)?.look).toBe((decided(inTime)?.look ?? NaN) + 4);
  });

  it('holds no other metric up', () => {
    const other = { rule: { name: 'other' }, treatment: noisyGauge(2, 1.6) };
    const slow = { rule: { name: 'slow', lateLooks: 15 }, treatment: noisyGauge(3) };
    const [last] = watch([other, slow]).looks.filter((each) => each.value === 'rollback');
    expect(last?.look).toBeLessThan(15);
  });
});

describe('a metric whose samples arrive too late', () => {
  const lateBy = (lateLooks: number, rule: Partial<MetricRule> = {}, settings: Partial<Snapshot> = {}) =>
    watch([{ rule: { lateLooks, tolerance: {}, ...rule }, treatment: noisyGauge(8) }], settings).looks;

  it.each([
    [5, 'continue'],
    [11, 'inconclusive'],
    [19, 'inconclusive'],
  ])('by %d of 20 intervals ends in %s', (lateLooks, value) => {
    const last = lateBy(lateLooks).at(-1);
    expect(last?.value).toBe(value);
    expect(last?.metrics[0]?.coverage).toBeCloseTo((LOOKS - lateLooks) / LOOKS, 12);
    expect(last?.reasons.map(({ code }) => code)).toContain('end-not-judged');
    if (value === 'inconclusive') expect(last?.rule).toBe('not-enough-data');
  });

  it('is no ground to continue where nothing is required either', () => {
    expect(lateBy(19, { required: false }).at(-1)).toMatchObject({
      value: 'inconclusive',
      reasons: [{ code: 'nothing-judged' }],
    });
  });

  it('still rolls back', () => {
    const metric = { rule: { lateLooks: 14 }, treatment: noisyGauge(1, 3) };
    expect(watch([metric]).looks.map(({ value }) => value)).toContain('rollback');
  });

  it('does not end a watch early before its own half is over', () => {
    const settings = { earliestContinue: 0.5 };
    const wide = { tolerance: { relative: 5 } };
    const firstOf = (looks: readonly Assessment[]) => looks.find(({ value }) => value !== 'pending')?.look;
    expect(firstOf(lateBy(0, wide, settings))).toBe(10);
    expect(firstOf(lateBy(4, wide, settings))).toBe(14);
  });

  it('counts for the probability of harm by what was judged of the watch', () => {
    const [inTime, late] = [lateBy(0), lateBy(10)].map((looks) => looks[11]);
    expect(late?.harmProbability).toBeGreaterThan(inTime?.harmProbability ?? 1);
  });
});

describe('burn rates in a watch', () => {
  it('decide at once, whatever the history, with the guarantee of a guard-rail', () => {
    const burnRate = {
      objective: 0.99,
      windows: [{ limit: 10, longLooks: 10, shortLooks: 2 }],
      fewestEvents: 10,
    };
    const metric = { rule: { burnRate }, treatment: noisyRatio(4, 0.001, 0.4, 1000, 12) };
    const [first] = watch([metric], {}, 12).looks.filter((each) => each.value !== 'pending');
    expect(first).toMatchObject({
      // 10 × 10 × 0.01 / 0.4 = 2.5 intervals.
      look: 3,
      value: 'rollback',
      rule: 'guard-rail',
      guarantee: 'guard-rail',
      reasons: [{ code: 'burn-rate-passed' }],
    });
  });
});

describe('the baselines of a policy', () => {
  const HISTORY = 4 * 288;
  const settings = { intervalMs: 300_000 };
  const metric = { treatment: noisyGauge(6, 1, HISTORY), control: noisyGauge(7, 1, HISTORY) };
  const baselineOf = (baselines: readonly Baseline[]) => {
    const { looks, calibration } = watch([metric], { ...settings, baselines }, HISTORY);
    const evidence = looks.at(-1)?.metrics[0];
    return {
      baseline: evidence?.kind === 'judged' ? evidence.baseline : evidence?.reason.code,
      guarantee: calibration.summary.guarantee,
    };
  };

  it.each([
    [['before'], 'level'],
    [['daily'], 'season'],
    [['control'], 'control'],
    [['before', 'control'], /^(level|control|level\+control)$/],
  ] as const)('%j compare with %s', (baselines, name) => {
    const { baseline, guarantee } = baselineOf(baselines);
    if (typeof name === 'string') expect(baseline).toBe(name);
    else expect(baseline).toMatch(name);
    expect(guarantee).toBe('placebo');
  });

  it('that the history cannot serve leave nothing to compare with', () => {
    expect(baselineOf(['weekly'])).toEqual({ baseline: 'no-baseline', guarantee: 'none' });
    const ratio = { treatment: noisyRatio(8, 0.01, 0.01, 500, 30) };
    const { calibration, looks } = watch([ratio], { baselines: ['daily'] }, 30);
    expect(calibration.summary.reasons.map(({ code }) => code)).toContain('no-baseline');
    expect(looks.at(-1)).toMatchObject({ value: 'inconclusive', rule: 'not-enough-data' });
  });

  it('are all that there are when none is named', () => {
    const all: readonly Baseline[] = ['before', 'daily', 'weekly', 'control'];
    const named = watch([metric], { ...settings, baselines: all }, HISTORY).looks;
    expect(watch([metric], settings, HISTORY).looks).toEqual(named);
  });
});
