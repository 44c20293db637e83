import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { courseFeatures } from './course-features.js';
import { FEATURE_NAMES } from './feature-names.js';
import { windowFeatures } from './features.js';
import { areaUnderRoc, truePositiveRate } from './roc.js';
import { sampleFeatures } from './sample-features.js';
import { stepMeans } from './step-means.js';
import { sortedSeen } from './two-samples.js';
import { windowLines } from './window-lines.js';

interface FeatureCase {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly sample: readonly number[];
  readonly course: readonly number[];
}
interface AreaCase {
  readonly scores: readonly number[];
  readonly harmful: readonly boolean[];
  readonly auc: number;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/learned.json', import.meta.url), 'utf8'),
) as { readonly features: readonly FeatureCase[]; readonly areas: readonly AreaCase[] };

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, index) => expect(value, `feature ${index}`).toBeCloseTo(expected[index] ?? NaN, 9));
}

describe('features', () => {
  it.each(reference.features)('of two samples match numpy and scipy (%#)', ({ before, after, sample }) => {
    const [x, y] = [sortedSeen(Float64Array.from(before)), sortedSeen(Float64Array.from(after))];
    expectClose(sampleFeatures(x, y), sample);
  });

  it.each(reference.features)('of a course match numpy (%#)', ({ before, after, course }) => {
    expectClose(courseFeatures(Float64Array.from(before), Float64Array.from(after)), course);
  });

  it('have as many values as names', () => {
    const values = new Float64Array(400).map((_, index) => Math.sin(index));
    const lines = windowLines({ values, at: 300, look: 60, plannedLooks: 60, lags: [120], direction: 'up' });
    expect(lines && windowFeatures(lines)).toHaveLength(FEATURE_NAMES.length);
    expect(new Set(FEATURE_NAMES).size).toBe(FEATURE_NAMES.length);
  });
});

describe('areaUnderRoc', () => {
  it.each(reference.areas)('matches the Mann-Whitney statistic of scipy (%#)', ({ scores, harmful, auc }) => {
    expect(areaUnderRoc({ scores, harmful })).toBeCloseTo(auc, 12);
  });
});

describe('truePositiveRate', () => {
  it('lets at most the tolerated share of harmless windows through', () => {
    const harmful = [...Array<boolean>(20).fill(false), true, true, true, true];
    const scores = [...Array.from({ length: 20 }, (_, index) => index), 17.5, 18, 18.5, 40];
    expect(truePositiveRate({ scores, harmful }, 0.05)).toBe(0.5);
    expect(truePositiveRate({ scores, harmful }, 0)).toBe(0.25);
  });
});

describe('stepMeans', () => {
  it('averages what is there and leaves gaps where nothing is', () => {
    const values = Float64Array.of(1, 3, NaN, 5, Infinity, NaN);
    expect(stepMeans(values, 0, 2, 4)).toEqual(Float64Array.of(2, 5, NaN, NaN));
    expect(stepMeans(values, -2, 2, 2)).toEqual(Float64Array.of(NaN, 2));
  });
});
