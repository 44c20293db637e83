import type { Guarantee } from '@bellwether/models';
import type { Place } from './deployment.js';

/**
 * What judging a quiet moment came to: `rolled-back` would have been a false rollback; `not-judged` and `guard-rail` (the user's own
 * limit was passed) say nothing of the error rate.
 */
export type FreshOutcome = 'quiet' | 'rolled-back' | 'guard-rail' | 'not-judged';

/** A deployment that never was: a moment at which nothing was deployed and that calibrated nothing, judged as if something had been. */
export interface FreshCheck extends Place {
  /** When the release that never was would have begun (event time). */
  readonly momentMs: number;
  readonly checkedAtMs: number;
  readonly outcome: FreshOutcome;
  readonly alpha: number;
  /** At its last look. */
  readonly p: number;
  /** The look that rolled back. */
  readonly look?: number;
  readonly guarantee: Guarantee;
  readonly policy: string;
  readonly engineVersion: string;
  readonly reason?: string;
}

/** How often quiet moments of a service were rolled back, beside what was promised. */
export interface CheckStanding {
  readonly alpha: number;
  /** Moments that could be judged at this α. */
  readonly judged: number;
  readonly rolledBack: number;
  /** rolledBack / judged; absent before the first. */
  readonly rate?: number;
  /** Interval of the true rate that holds at every check at once. */
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Moments that could not be judged. */
  readonly notJudged: number;
  /** The whole interval lies above α: the error rate that verdicts name does not hold. */
  readonly isOff: boolean;
  readonly newestAtMs?: number;
}
