import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import type { Assessment, MetricRule } from '../contract.js';
import { assess, INITIAL_CARRIED } from './assess.js';
import { bornWithTheChange, noisyRatio, testWatch, type TestMetric } from './test-watch.js';

const SHORT = 60;

function looks(metric: TestMetric, history = SHORT): readonly Assessment[] {
  const { snapshot, live } = testWatch([metric], { earliestContinue: 0.5 }, history);
  const calibration = calibrate(snapshot);
  const assessments: Assessment[] = [];
  for (let look = 1; look <= snapshot.plannedLooks; look++)
    assessments.push(assess(calibration, live, look, assessments.at(-1)?.carried ?? INITIAL_CARRIED));
  return assessments;
}

const errors: Partial<MetricRule> = { name: 'errors', minEffect: { relative: 0.25, absolute: 0.001 } };
const jump = (after: number, rule = errors, history = SHORT): TestMetric => ({
  rule,
  treatment: noisyRatio(13, 0.01, after, 1000, history),
});

describe('a ratio without control whose drift nobody knows', () => {
  it('is no ground to continue when its counts show harm', () => {
    const watched = looks(jump(0.15));
    expect(watched.map(({ value }) => value)).not.toContain('continue');
    const last = watched.at(-1);
    expect(last).toMatchObject({ value: 'inconclusive', rule: 'not-enough-data' });
    expect(last?.reasons[0]).toMatchObject({ code: 'harm-not-proven', metric: 'errors' });
    expect(last?.reasons[0]?.text).toMatch(
      /^errors moved by \+1\d{3} % \(\+.* to \+.*\), beyond its practical/,
    );
    expect(last?.metrics[0]).toMatchObject({ kind: 'judged', unproven: { code: 'harm-not-proven' } });
  });

  it('says so while the watch goes on, and makes nobody surer that all is well', () => {
    const [, , , fourth] = looks(jump(0.15));
    expect(fourth?.stillNeeded.map(({ code }) => code)).toContain('harm-not-proven');
    expect(fourth?.reasons[0]?.code).toBe('harm-not-proven');
    expect(fourth?.harmProbability).toBeCloseTo(0.1, 12);
  });

  it.each([
    ['it is quiet', jump(0.01)],
    ['it improves', jump(0.001)],
    ['it moves by less than its practical minimum', jump(0.02, { ...errors, minEffect: { absolute: 0.1 } })],
  ])('lets the watch end as before where %s', (_, metric) => {
    const watched = looks(metric);
    const codes = watched.flatMap(({ reasons, stillNeeded }) => [...reasons, ...stillNeeded]);
    expect(codes.map(({ code }) => code)).not.toContain('harm-not-proven');
    expect(watched.map(({ value }) => value)).toContain('continue');
  });

  it('bars nothing where the policy does not require it', () => {
    expect(looks(jump(0.15, { ...errors, required: false })).at(-1)?.value).toBe('continue');
  });

  it.each([
    ['down', 0.5, 0.1, 'inconclusive'],
    ['down', 0.5, 0.9, 'continue'],
    ['both', 0.5, 0.9, 'inconclusive'],
  ] as const)('harms by going %s: from %d to %d is %s', (direction, before, after, value) => {
    const rule = { ...errors, direction };
    const metric = { rule, treatment: noisyRatio(13, before, after, 1000, SHORT) };
    expect(looks(metric).find((each) => each.value !== 'pending')?.value).toBe(value);
  });

  it('rolls back once its drift is known, or beside a control', () => {
    const value = (watched: readonly Assessment[]) => watched.find((each) => each.value !== 'pending')?.value;
    expect(value(looks(jump(0.15, errors, 160), 160))).toBe('rollback');
    const beside = {
      rule: errors,
      treatment: bornWithTheChange(noisyRatio(4, 0.15, 0.15, 1000, SHORT), SHORT),
      control: noisyRatio(5, 0.01, 0.01, 1000, SHORT),
    };
    expect(value(looks(beside))).toBe('rollback');
  });
});
