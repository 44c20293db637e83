import type { VerdictValue } from './verdict.js';

/**
 * What a person says of a verdict afterwards. `wrong` is `false-rollback` of a rollback and `missed-harm` of a continue; `unsure` takes
 * back what was said before.
 */
export type FeedbackJudgement = 'right' | 'wrong' | 'false-rollback' | 'missed-harm' | 'unsure';
/** Whether a metric helps to judge releases of this service. */
export type Relevance = 'useful' | 'noise';

/** One entry of what people said; entries are only ever added, and a later one can retract an earlier one. */
export interface Feedback {
  readonly id: string;
  readonly deploymentId: string;
  readonly verdictId: string;
  /** Absent on an entry that retracts, and on one that speaks of metrics alone. */
  readonly judgement?: FeedbackJudgement;
  readonly metrics?: readonly { readonly name: string; readonly relevance: Relevance }[];
  /** Id of an earlier entry of the deployment, which no longer counts; retracting a retraction brings back what it took. */
  readonly retracts?: string;
  readonly comment?: string;
  readonly actor: string;
  readonly atMs: number;
}

/** Whether a release did harm, as people know it afterwards. */
export type Truth = 'harmful' | 'harmless';

/** Ids of entries that were retracted, and not brought back. @param entries of one deployment, oldest first */
export function retractedIn(entries: readonly Feedback[]): ReadonlySet<string> {
  const gone = new Set<string>();
  for (const { id, retracts } of entries.toReversed())
    if (retracts !== undefined && !gone.has(id)) gone.add(retracts);
  return gone;
}

/** What still counts of the entries of one deployment, oldest first, without those that only retract. */
export function standingFeedback(entries: readonly Feedback[]): readonly Feedback[] {
  const gone = retractedIn(entries);
  return entries.filter(({ id, retracts }) => retracts === undefined && !gone.has(id));
}

/** What a judgement of a verdict says of the release; undefined where it says nothing. */
export function truthOf(
  judgement: FeedbackJudgement | undefined,
  value: VerdictValue | undefined,
): Truth | undefined {
  if (judgement === 'false-rollback') return 'harmless';
  if (judgement === 'missed-harm') return 'harmful';
  const isSettled = value === 'rollback' || value === 'continue';
  if (!isSettled || judgement === undefined || judgement === 'unsure') return undefined;
  return (value === 'rollback') === (judgement === 'right') ? 'harmful' : 'harmless';
}
