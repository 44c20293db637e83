import type { DeploymentState } from './deployment.js';
import { labelOf, type JudgedRelease } from './judged-release.js';
import type { VerdictValue } from './verdict.js';

/** A release as statistics over time see it; rollbacks, which are deployments too, are none. */
export interface ReleaseOutcome {
  readonly deploymentId: string;
  readonly startedAtMs: number;
  readonly state: DeploymentState;
  /** The newest; `pending` before the first. */
  readonly verdict: VerdictValue;
  /** When the first verdict other than `pending` fell. */
  readonly firstVerdictAtMs?: number;
  /** What was said of it; oldest first. */
  readonly feedback: JudgedRelease['feedback'];
  /** The verdicts that feedback speaks of. */
  readonly verdicts: Parameters<typeof labelOf>[0]['verdicts'];
}

const ROLLED_BACK: readonly DeploymentState[] = ['rolling-back', 'rolled-back', 'rollback-failed'];

/**
 * Whether a release counts in the change failure rate, and how. This is the one definition of it in Bellwether.
 *
 * Source: DORA, "DORA's software delivery performance metrics" (dora.dev/guides/dora-metrics): the change fail rate is the ratio of
 * deployments that require immediate intervention, such as a rollback or a hotfix, to all deployments. Here a release failed when people
 * say that it did harm, or, where they say nothing, when it was rolled back by whomever or its verdict is `rollback`. What people say
 * wins: a false rollback is no failed change.
 *
 * @returns `open` for what is not settled yet and for what was cancelled before it was a deployment; neither counts at all
 */
export function changeOutcome(release: ReleaseOutcome): 'failed' | 'held' | 'open' {
  const truth = labelOf(release)?.truth;
  if (truth !== undefined) return truth === 'harmful' ? 'failed' : 'held';
  if (ROLLED_BACK.includes(release.state) || release.verdict === 'rollback') return 'failed';
  if (release.state === 'cancelled' || release.verdict === 'cancelled') return 'open';
  return release.verdict === 'pending' ? 'open' : 'held';
}
