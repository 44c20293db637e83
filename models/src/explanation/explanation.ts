/** What one scorer saw of one metric: the scan that spoke loudest, and when. */
export interface ScorerPart {
  readonly scorer: string;
  /** Running maximum in comparable units; 1 = as extreme as the worst 5 % of this metric's quiet watches. */
  readonly score: number;
  /** Intervals of the scan's window; absent: everything since the change. */
  readonly windowLooks?: number;
  /** Look at which it spoke loudest. */
  readonly atLook: number;
  /** Of the learned scorer: stretches since the change that speak for harm, in order of time. */
  readonly restsOn?: readonly RestingStretch[];
}

/** A stretch of a watch, half-open, in intervals since the change. */
export interface RestingStretch {
  readonly fromLook: number;
  readonly toLook: number;
  /** How much lower the logit is without the stretch, > 0. */
  readonly weight: number;
}

/** One metric's part in the evidence. */
export interface MetricPart {
  readonly metric: string;
  /** Share of the fused evidence, 0–1. */
  readonly contribution: number;
  /** p that it alone would give the whole watch. */
  readonly soloP: number;
  /** Scorers that spoke, the loudest first; empty for metrics judged by an e-process, which has one. */
  readonly scorers: readonly ScorerPart[];
}

/** What the verdict would be after all, in the same values as verdicts. */
type Outcome = 'pending' | 'continue' | 'rollback' | 'inconclusive';

/** Something that would change the verdict; each was worked out by judging again, none is guessed. */
export type Flip =
  /** Had this metric shown nothing unusual. */
  | {
      readonly kind: 'without-metric';
      readonly metric: string;
      readonly verdict: Outcome;
      readonly p: number;
    }
  /** Had the limit not been passed. */
  | {
      readonly kind: 'without-limit';
      readonly metric: string;
      readonly verdict: Outcome;
      readonly p: number;
    }
  /** Were the metrics without enough data not required. */
  | { readonly kind: 'not-required'; readonly metrics: readonly string[]; readonly verdict: Outcome }
  /** Does the metric stay at this level (or harm more) for so many intervals. */
  | {
      readonly kind: 'stays-at';
      readonly metric: string;
      readonly unit: string;
      readonly verdict: 'rollback';
      /** In the metric's unit. */
      readonly level: number;
      /** What is expected now, in the metric's unit. */
      readonly expected: number;
      readonly side: 'above' | 'below';
      readonly looks: number;
    };

/** How long until a decision, if everything goes on as it does. */
export interface DecisionAhead {
  /** The watch ends after so many more looks. */
  readonly atMostLooks: number;
  /** Rollback after so many looks, if this metric stays where it has been since its onset; worked out by judging again. */
  readonly rollback?: { readonly metric: string; readonly inLooks: number };
  /** `continue` after about so many, if the intervals narrow with the square root of the time; an estimate. */
  readonly continueInLooks?: number;
}

/** Why a look came out as it did, and what would change that. */
export interface Explanation {
  /** Metrics that could be judged and have a part, the largest first. */
  readonly metrics: readonly MetricPart[];
  readonly flips: readonly Flip[];
  /** Absent once the verdict is out. */
  readonly ahead?: DecisionAhead;
}
