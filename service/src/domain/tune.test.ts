import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aVerdict } from '../store/contract-fixtures.js';
import { aFeedback } from '../store/contract-tuning.test-suite.js';
import type { Feedback, FeedbackJudgement, Relevance } from './feedback.js';
import type { JudgedRelease } from './judged-release.js';
import type { MetricSpec } from './policy.js';
import { tuningOf } from './tune.js';
import { priorFor, weightFactorFor } from './tuning.js';

const policy = { prior: 0.1, metrics: ['errors', 'p95'].map((name) => ({ name }) as MetricSpec) };

let count = 0;
function release(
  value: 'continue' | 'rollback' | undefined,
  said: readonly Partial<Feedback>[] = [],
): JudgedRelease {
  const deploymentId = `d-${(count += 1)}`;
  return {
    deploymentId,
    startedAtMs: count,
    verdicts:
      value === undefined ? [] : [aVerdict(deploymentId, 1, { id: 'v-1', value, rule: 'bounded-harm' })],
    feedback: said.map((one, index) => aFeedback(`${deploymentId}-f${index}`, deploymentId, one)),
  };
}
const times = (n: number, make: () => JudgedRelease) => Array.from({ length: n }, make);
const votes = (name: string, relevance: Relevance): Partial<Feedback> => ({
  judgement: 'unsure',
  metrics: [{ name, relevance }],
});

describe('the prior', () => {
  it('is the declared one until a release was judged', () => {
    expect(tuningOf(policy, [release(undefined)])).toMatchObject({
      prior: { value: 0.1, source: 'policy', releases: 0 },
      weights: [],
      feedback: [],
    });
  });

  it('moves to the change-failure rate of the service, the declared one worth 20 releases', () => {
    const good = times(70, () => release('continue'));
    const bad = times(10, () => release('rollback'));
    // (20 × 0.1 + 10) / (20 + 80), the posterior mean of Beta(2, 18) after 10 of 80.
    expect(tuningOf(policy, [...good, ...bad])?.prior).toEqual({
      value: 0.12,
      declared: 0.1,
      source: 'own-history',
      releases: 80,
      harmful: 10,
      labelled: 0,
    });
  });

  it('believes people before verdicts, and the newest word before earlier ones', () => {
    const said: readonly (readonly [FeedbackJudgement, 'continue' | 'rollback'])[] = [
      ['false-rollback', 'rollback'],
      ['missed-harm', 'continue'],
      ['wrong', 'rollback'],
      ['right', 'rollback'],
    ];
    const releases = said.map(([judgement, value]) => release(value, [{ judgement }]));
    expect(tuningOf(policy, releases)?.prior).toMatchObject({ releases: 4, harmful: 2, labelled: 4 });
    const changed = release('rollback', [{ judgement: 'right' }, { judgement: 'false-rollback' }]);
    expect(tuningOf(policy, [changed])).toMatchObject({
      prior: { harmful: 0, labelled: 1 },
      feedback: [changed.feedback[1]?.id],
    });
    const unsure = release('rollback', [{ judgement: 'false-rollback' }, { judgement: 'unsure' }]);
    expect(tuningOf(policy, [unsure])?.prior).toMatchObject({ harmful: 1, labelled: 0 });
  });

  it('does not take an override for what was measured', () => {
    const { verdicts, ...same } = release('rollback');
    const overridden = [aVerdict('d', 2, { value: 'continue', rule: 'override' }), ...verdicts];
    expect(tuningOf(policy, [{ ...same, verdicts: overridden }])?.prior.harmful).toBe(1);
  });
});

describe('the weights', () => {
  it('follow the odds that people find a metric useful, one vote a release', () => {
    const said = [
      ...times(2, () => release('continue', [votes('errors', 'useful')])),
      ...times(4, () =>
        release('continue', [votes('p95', 'noise'), votes('p95', 'useful'), votes('p95', 'noise')]),
      ),
    ];
    expect(tuningOf(policy, said)?.weights).toEqual([
      { metric: 'errors', factor: 2, useful: 2, noise: 0 },
      { metric: 'p95', factor: 1 / 3, useful: 0, noise: 4 },
    ]);
  });

  it('leave out what was taken back, what is balanced, and metrics that the policy no longer has', () => {
    const back = release('continue', [votes('errors', 'noise'), { retracts: '' }]);
    const [first, second] = back.feedback;
    const { judgement, ...bare } = second ?? aFeedback('x', 'd');
    const retracted = { ...back, feedback: [first ?? bare, { ...bare, retracts: first?.id ?? '' }] };
    const others = [
      release('continue', [votes('p95', 'noise')]),
      release('continue', [votes('p95', 'useful')]),
    ];
    const gone = release('continue', [votes('queue', 'useful')]);
    expect(tuningOf(policy, [retracted, ...others, gone])?.weights).toEqual([]);
  });

  it('stay within a quarter and four times, and the prior within its bounds, whatever people say', () => {
    const judgement = fc.constantFrom<FeedbackJudgement>(
      'right',
      'wrong',
      'false-rollback',
      'missed-harm',
      'unsure',
    );
    const said = fc.record({
      judgement,
      metrics: fc.array(
        fc.record({
          name: fc.constantFrom('errors', 'p95', '__proto__'),
          relevance: fc.constantFrom<Relevance>('useful', 'noise'),
        }),
        { maxLength: 3 },
      ),
    });
    const releases = fc.array(
      fc.tuple(fc.constantFrom('continue', 'rollback', undefined), fc.array(said, { maxLength: 3 })),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(releases, fc.double({ min: 0.001, max: 0.9, noNaN: true }), (drawn, prior) => {
        const tuning = tuningOf(
          { ...policy, prior },
          drawn.map(([value, entries]) => release(value, entries)),
        );
        for (const name of ['errors', 'p95', '__proto__']) {
          expect(weightFactorFor(name, tuning)).toBeGreaterThanOrEqual(0.25);
          expect(weightFactorFor(name, tuning)).toBeLessThanOrEqual(4);
        }
        const tuned = priorFor({ prior }, tuning === undefined ? undefined : { tuning });
        expect(tuned).toBeGreaterThanOrEqual(Math.min(prior, 0.005));
        expect(tuned).toBeLessThanOrEqual(Math.max(prior, 0.5));
      }),
      { seed: 7, numRuns: 60 },
    );
  });
});

it('leaves out what began before a reset, and all of it where the policy says so', () => {
  const releases = [release('rollback', [votes('errors', 'useful')])];
  const since = (releases[0]?.startedAtMs ?? 0) + 1;
  expect(tuningOf(policy, releases, since)).toEqual({
    prior: { value: 0.1, declared: 0.1, source: 'policy', releases: 0, harmful: 0, labelled: 0 },
    weights: [],
    feedback: [],
    sinceMs: since,
  });
  expect(tuningOf({ ...policy, feedback: 'off' }, releases)).toBeUndefined();
});
