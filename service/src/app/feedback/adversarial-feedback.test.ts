import {
  assess,
  calibrate,
  createRandom,
  INITIAL_CARRIED,
  type LiveMetric,
  type Snapshot,
} from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import { aVerdict } from '../../store/contract-fixtures.js';
import { aFeedback } from '../../store/contract-tuning.test-suite.js';
import type { Relevance } from '../../domain/feedback.js';
import type { JudgedRelease } from '../../domain/judged-release.js';
import type { MetricSpec } from '../../domain/policy.js';
import { tuningOf } from '../../domain/tune.js';
import { priorFor, weightFactorFor, type Tuning } from '../../domain/tuning.js';

const NAMES = ['heavy', 'calm', 'wild', 'slow'];
const ALPHA = 0.1;
const LOOKS = 12;

/** Whoever wants rollbacks, or none: every release "missed harm", and the noisiest metric is praised above all. */
function adversary(praised: string): Tuning {
  const releases = Array.from({ length: 60 }, (_, index): JudgedRelease => {
    const deploymentId = `d-${index}`;
    const relevanceOf = (name: string): Relevance => (name === praised ? 'useful' : 'noise');
    const metrics = NAMES.map((name) => ({ name, relevance: relevanceOf(name) }));
    return {
      deploymentId,
      startedAtMs: index,
      verdicts: [aVerdict(deploymentId, 1, { id: 'v-1', value: 'continue' })],
      feedback: [aFeedback(`f-${index}`, deploymentId, { judgement: 'missed-harm', metrics })],
    };
  });
  const tuning = tuningOf({ prior: 0.1, metrics: NAMES.map((name) => ({ name }) as MetricSpec) }, releases);
  if (tuning === undefined) throw new Error('feedback is on');
  return tuning;
}

/** A service at which nothing happens, whose metrics are autocorrelated, share a cause, and have tails of their own. */
function quietService(seed: number, history: number): readonly Float64Array[] {
  const random = createRandom(seed);
  const length = history + LOOKS;
  const line = (tail: (z: number) => number): Float64Array => {
    let state = random.normal();
    return Float64Array.from({ length }, () => {
      state = 0.6 * state + 0.8 * random.normal();
      return tail(state);
    });
  };
  const common = line((z) => z);
  const tails = [(z: number) => z ** 3 / 2, (z: number) => z, (z: number) => z * 4, (z: number) => z / 2];
  return tails.map((tail) =>
    line(tail).map((own, index) => 100 * Math.exp(0.05 * (own + (common[index] ?? 0)))),
  );
}

function watchOf(series: readonly Float64Array[], history: number, tuning: Tuning | undefined) {
  const snapshot: Snapshot = {
    intervalMs: 60_000,
    changeAtMs: 0,
    changeIndex: history,
    plannedLooks: LOOKS,
    metrics: NAMES.map((name, index) => ({
      rule: {
        ...{ name, kind: 'latency', direction: 'both', unit: 'ms', shape: 'gauge' },
        ...{ minEffect: {}, tolerance: {}, criticality: 'normal', required: true, warmupLooks: 0 },
        weight: weightFactorFor(name, tuning),
      },
      treatment: { shape: 'gauge', values: (series[index] ?? new Float64Array()).slice(0, history) },
    })),
    excluded: [],
    alpha: ALPHA,
    prior: priorFor({ prior: 0.1 }, tuning === undefined ? undefined : { tuning }),
    groupWeights: {},
    earliestContinue: 1,
    minCoverage: 0.5,
  };
  const live: readonly LiveMetric[] = series.map((values) => ({
    treatment: { shape: 'gauge', values: values.slice(history) },
  }));
  const calibration = calibrate(snapshot);
  let last = assess(calibration, live, 1, INITIAL_CARRIED);
  for (let look = 2; look <= LOOKS && last.value !== 'rollback'; look++)
    last = assess(calibration, live, look, last.carried);
  return { isRollback: last.value === 'rollback', p: last.p, guarantee: calibration.summary.guarantee };
}

function rollbacks(rounds: number, history: number, tuning: Tuning | undefined) {
  const watches = Array.from({ length: rounds }, (_, seed) =>
    watchOf(quietService(9_000 + seed, history), history, tuning),
  );
  return {
    count: watches.filter(({ isRollback }) => isRollback).length,
    guarantees: new Set(watches.map(({ guarantee }) => guarantee)),
  };
}

describe('feedback of somebody who wants harm', () => {
  it('reaches the bounds, and no further', () => {
    const { prior, weights } = adversary('wild');
    expect(prior.value).toBe(0.5);
    expect(weights.map(({ metric, factor }) => [metric, factor])).toEqual([
      ['heavy', 0.25],
      ['calm', 0.25],
      ['wild', 4],
      ['slow', 0.25],
    ]);
  });

  it.each(['wild', 'heavy'])(
    'does not raise false rollbacks above α with placebos (%s praised)',
    (praised) => {
      const { count, guarantees } = rollbacks(120, 420, adversary(praised));
      expect([...guarantees]).toEqual(['placebo']);
      // Binomial(240, 0.1): 24 expected; more than 39 once in a thousand times.
      expect(count).toBeLessThanOrEqual(39);
      expect(count).toBeGreaterThan(0);
    },
  );

  it('does not with too little history for placebos', () => {
    const { count, guarantees } = rollbacks(150, 40, adversary('wild'));
    expect([...guarantees]).toEqual(['sequential']);
    expect(count).toBeLessThanOrEqual(26);
  });

  it('moves the probability of harm, and neither p nor the verdict', () => {
    const series = quietService(5, 420);
    const { weights: _weights, ...learned } = adversary('wild');
    const tuned = watchOf(series, 420, { ...learned, weights: [] });
    expect(tuned).toEqual(watchOf(series, 420, undefined));
  });
});
