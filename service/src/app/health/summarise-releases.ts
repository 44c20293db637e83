import { wilsonInterval } from '@bellwether/models';
import type { FreshCheck } from '../../domain/fresh-check.js';
import { changeOutcome, type ReleaseOutcome } from '../../domain/release-outcome.js';
import type { VerdictValue } from '../../domain/verdict.js';
import type { Share } from '../feedback/labelled-history.js';

const LEVEL = 0.95;

/** How deployments of one place went in one period. */
export interface HealthSummary {
  readonly deployments: number;
  /** By their newest verdict; values that did not occur are left out. */
  readonly verdicts: Readonly<Partial<Record<VerdictValue, number>>>;
  /** See `changeOutcome`. */
  readonly changeFailures: Share;
  /** From the start of a release to its first verdict other than `pending`, in seconds; absent without one. */
  readonly secondsToVerdict?: { readonly count: number; readonly median: number; readonly p90: number };
  /** Quiet moments of the period that were rolled back: what was false would have been so many of so many. */
  readonly freshChecks: Share;
}

/**
 * @param releases those that began in the period
 * @param checks those whose moment lies in it
 */
export function summariseReleases(
  releases: readonly ReleaseOutcome[],
  checks: readonly FreshCheck[],
): HealthSummary {
  const verdicts: Partial<Record<VerdictValue, number>> = {};
  for (const { verdict } of releases) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const changes = releases.map(changeOutcome).filter((outcome) => outcome !== 'open');
  const judged = checks.filter(({ outcome }) => outcome === 'quiet' || outcome === 'rolled-back');
  const waits = releases
    .flatMap(({ startedAtMs, firstVerdictAtMs: at }) =>
      at === undefined ? [] : [(at - startedAtMs) / 1_000],
    )
    .map((seconds) => Math.max(0, seconds))
    .toSorted((a, b) => a - b);
  return {
    deployments: releases.length,
    verdicts,
    changeFailures: shareOf(changes.filter((outcome) => outcome === 'failed').length, changes.length),
    ...(waits.length === 0
      ? {}
      : {
          secondsToVerdict: {
            count: waits.length,
            median: nearestRank(waits, 0.5),
            p90: nearestRank(waits, 0.9),
          },
        }),
    freshChecks: shareOf(judged.filter(({ outcome }) => outcome === 'rolled-back').length, judged.length),
  };
}

function shareOf(count: number, of: number): Share {
  return { count, of, ...(of === 0 ? {} : { rate: count / of }), ...wilsonInterval(count, of, LEVEL) };
}

/** The smallest value that so large a share does not exceed: always one that occurred. @param sorted ascending, at least one */
function nearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
