import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReleaseOutcome } from '../../domain/release-outcome.js';
import { summariseReleases } from './summarise-releases.js';

const release = (change: Partial<ReleaseOutcome> = {}): ReleaseOutcome => ({
  ...{
    deploymentId: 'd',
    startedAtMs: 0,
    state: 'finished',
    verdict: 'continue',
    feedback: [],
    verdicts: [],
  },
  ...change,
});

describe('a summary of releases', () => {
  it('of none says nothing and divides by nothing', () => {
    expect(summariseReleases([], [])).toEqual({
      ...{ deployments: 0, verdicts: {} },
      changeFailures: { count: 0, of: 0, low: 0, high: 1 },
      freshChecks: { count: 0, of: 0, low: 0, high: 1 },
    });
  });

  it('gives times that occurred: the middle one, and the one that nine of ten do not exceed', () => {
    const minutes = [7, 1, 9, 3, 5, 2, 8, 4, 10, 6];
    const releases = minutes.map((at) => release({ firstVerdictAtMs: at * 60_000 }));
    expect(summariseReleases([...releases, release()], []).secondsToVerdict).toEqual({
      ...{ count: 10, median: 300, p90: 540 },
    });
    const early = release({ startedAtMs: 5_000, firstVerdictAtMs: 1_000 });
    expect(summariseReleases([early], []).secondsToVerdict).toEqual({ count: 1, median: 0, p90: 0 });
  });

  it('counts every release once, whatever their order', () => {
    const any = fc.record({
      state: fc.constantFrom('running', 'finished', 'rolled-back', 'cancelled', 'superseded'),
      verdict: fc.constantFrom('pending', 'continue', 'rollback', 'inconclusive', 'superseded', 'cancelled'),
      firstVerdictAtMs: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(any), (changes) => {
        const releases = changes.map((change) => release(change as Partial<ReleaseOutcome>));
        const summary = summariseReleases(releases, []);
        const counted = Object.values(summary.verdicts).reduce((sum, count) => sum + count, 0);
        expect(counted).toBe(releases.length);
        const { count, of, low, high } = summary.changeFailures;
        expect(count).toBeLessThanOrEqual(of);
        expect(of).toBeLessThanOrEqual(releases.length);
        expect(low <= count / Math.max(1, of) && high >= count / Math.max(1, of)).toBe(true);
        expect(summariseReleases(releases.toReversed(), [])).toEqual(summary);
      }),
    );
  });
});
