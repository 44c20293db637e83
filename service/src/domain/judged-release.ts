import { standingFeedback, truthOf, type Feedback, type Truth } from './feedback.js';
import type { Verdict } from './verdict.js';

/** What is learned from of a verdict; the whole of it is many times as large. */
export type SettledVerdict = Pick<Verdict, 'id' | 'value' | 'rule' | 'harmProbability'>;

/** A release of a service with what was said of it, by Bellwether and by people. */
export interface JudgedRelease {
  readonly deploymentId: string;
  readonly startedAtMs: number;
  /** `continue` and `rollback`, newest first. */
  readonly verdicts: readonly SettledVerdict[];
  /** Oldest first. */
  readonly feedback: readonly Feedback[];
}

/** The verdict that the looks at a release came to; a person's override says nothing of what was measured. */
export function measuredVerdict({ verdicts }: Pick<JudgedRelease, 'verdicts'>): SettledVerdict | undefined {
  return verdicts.find(({ rule }) => rule !== 'override');
}

/** What people say happened to a release, and the entry that says it: the newest one that still counts. */
export function labelOf(
  release: Pick<JudgedRelease, 'feedback'> & { readonly verdicts: readonly Pick<Verdict, 'id' | 'value'>[] },
): { readonly truth: Truth; readonly feedbackId: string } | undefined {
  const newest = standingFeedback(release.feedback).findLast(({ judgement }) => judgement !== undefined);
  if (newest === undefined) return undefined;
  const said = release.verdicts.find(({ id }) => id === newest.verdictId);
  const truth = truthOf(newest.judgement, said?.value);
  return truth === undefined ? undefined : { truth, feedbackId: newest.id };
}
