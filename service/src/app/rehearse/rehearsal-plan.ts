import type { LearnedModelId } from '@bellwether/models';
import type { Policy } from '../../domain/policy.js';

/** How recorded windows are judged; the same for every window of a run, save for those that bring a policy of their own. */
export interface RehearsalPlan {
  /** Where there is none, every recorded metric is judged as one that nobody described. */
  readonly policy?: Policy;
  readonly alpha?: number;
  /** The watch is at most this long, and never longer than the recording. */
  readonly watchMs?: number;
  readonly intervalMs?: number;
  /** The learned scorer that is asked beside the scans. */
  readonly learned?: LearnedModelId;
}

/** What a plan comes to for one window. */
export interface WatchTerms {
  readonly alpha: number;
  readonly prior: number;
  readonly earliestContinue: number;
  readonly minCoverage: number;
  readonly groupWeights: Readonly<Record<string, number>>;
  readonly canarySilence: boolean;
}

/**
 * Terms for windows without a policy: a release is as likely to harm as not, the watch is never cut short by a `continue`, and half of
 * the intervals must have data. Chosen on the training part of public labelled windows.
 */
const UNKNOWN: WatchTerms = {
  alpha: 0.05,
  prior: 0.5,
  earliestContinue: 1,
  minCoverage: 0.5,
  groupWeights: {},
  canarySilence: true,
};

/** @returns the policy's terms, or those of unknown services, with the plan's own α over both */
export function termsOf({ policy, alpha }: RehearsalPlan): WatchTerms {
  const terms = policy ?? UNKNOWN;
  return {
    alpha: alpha ?? terms.alpha,
    prior: terms.prior,
    earliestContinue: terms.earliestContinue,
    minCoverage: terms.minCoverage,
    groupWeights: terms.groupWeights,
    canarySilence: terms.canarySilence,
  };
}
