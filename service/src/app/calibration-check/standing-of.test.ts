import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FreshCheck, FreshOutcome } from '../../domain/fresh-check.js';
import { aFreshCheck } from '../../store/contract-tuning.test-suite.js';
import { standingOf } from './standing-of.js';

const checks = (outcomes: readonly FreshOutcome[], over: Partial<FreshCheck> = {}) =>
  outcomes.map((outcome, index) => aFreshCheck(1_000 - index, { outcome, ...over }));
const some = (count: number, outcome: FreshOutcome) => Array.from({ length: count }, () => outcome);

describe('standingOf', () => {
  it('knows nothing before the first check', () => {
    expect(standingOf([], 0.05)).toEqual({
      ...{ alpha: 0.05, judged: 0, rolledBack: 0, low: 0, high: 1, level: 0.95, notJudged: 0, isOff: false },
    });
  });

  it('is off once the whole interval lies above α, and not before', () => {
    const found = (rolledBack: number, quiet: number) =>
      standingOf(checks([...some(rolledBack, 'rolled-back'), ...some(quiet, 'quiet')]), 0.5);
    expect(found(5, 95)).toMatchObject({ alpha: 0.05, judged: 100, rate: 0.05, isOff: false });
    expect(found(12, 88).isOff).toBe(false);
    expect(found(20, 80).isOff).toBe(true);
    // A handful is no proof, however bad it looks.
    expect([found(19, 0).isOff, found(20, 0).isOff]).toEqual([false, true]);
  });

  it('counts neither what could not be judged nor what the user limited', () => {
    const standing = standingOf(checks(['not-judged', 'rolled-back', 'guard-rail', 'quiet']), 0.05);
    expect(standing).toMatchObject({ judged: 2, rolledBack: 1, notJudged: 2, newestAtMs: 1_001 });
  });

  it('compares with the newest α alone', () => {
    const older = checks(some(30, 'rolled-back'), { alpha: 0.5 });
    expect(standingOf([...checks(['quiet']), ...older], 0.01)).toMatchObject({
      ...{ alpha: 0.05, judged: 1, rolledBack: 0, isOff: false },
    });
  });

  it('gets no better by another rollback', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (rolledBack, quiet) => {
        const before = standingOf(
          checks([...some(rolledBack, 'rolled-back'), ...some(quiet, 'quiet')]),
          0.05,
        );
        const after = standingOf(
          checks([...some(rolledBack + 1, 'rolled-back'), ...some(quiet, 'quiet')]),
          0.05,
        );
        expect(after.low).toBeGreaterThanOrEqual(before.low - 1e-12);
        if (before.isOff) expect(after.isOff).toBe(true);
      }),
      { seed: 9, numRuns: 40 },
    );
  });
});
