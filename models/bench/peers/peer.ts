import type { Direction, MetricKind } from '../../src/index.js';

/** What is known of one metric before the watch; arrays on the grid of the window, NaN where nothing was recorded. */
export interface PeerHistory {
  readonly kind: MetricKind;
  /** Which movement harms: what Bellwether itself is told, no more. */
  readonly direction: Direction;
  /** Values of the treatment before the change, oldest first. */
  readonly past: Float64Array;
}

/** One metric since the change, up to the look at hand. */
export interface PeerLive {
  readonly treatment: Float64Array;
  /** The same intervals of a concurrent control group, where there is one. */
  readonly control?: Float64Array;
}

/** A recorded window for peers; every live array has length `looks`. */
export interface PeerWindow {
  readonly intervalMs: number;
  readonly looks: number;
  readonly metrics: readonly (PeerHistory & PeerLive)[];
}

/** What is known when a watch begins. */
export interface PeerPlan {
  readonly intervalMs: number;
  readonly looks: number;
  readonly metrics: readonly PeerHistory[];
}

/** What a method says of the intervals so far. */
export interface PeerReading {
  /** Whether there was anything to judge. */
  readonly isJudged: boolean;
  readonly isAlarm: boolean;
  /** Evidence of harm, ≥ 0, higher is worse; comparable between windows of one method, not between methods. */
  readonly score: number;
}

/** Reads one look. `live` has one entry a metric, each cut at the look, so that nothing behind it can be seen. */
export type PeerReader = (live: readonly PeerLive[]) => PeerReading;

/** A published or customary way to judge a deployment. */
export interface Peer {
  readonly name: string;
  /** For tables: a few words. */
  readonly title: string;
  /** Where its rules and defaults come from. */
  readonly source: string;
  /** At every interval, where the first alarm decides, or once at the end of the watch. */
  readonly cadence: 'each look' | 'once';
  begin(plan: PeerPlan): PeerReader;
}

export interface PeerVerdict {
  readonly verdict: 'rollback' | 'continue' | 'inconclusive';
  /** Look that decided, 1 … looks. */
  readonly look: number;
  /** Largest score over the whole watch. */
  readonly score: number;
}

/** Nothing could be judged. */
export const NOTHING: PeerReading = { isJudged: false, isAlarm: false, score: 0 };
