import type { Carried, Reason } from '@bellwether/models';
import type { Tuning } from './tuning.js';

/** `step` judges a step; `late-regression` is the tail after an early `continue`; `recovery` follows a rollback. */
export type WatchKind = 'step' | 'late-regression' | 'recovery';
/** The legal moves are in `watch-machine.ts`. */
export type WatchState = 'watching' | 'decided' | 'superseded' | 'cancelled';

/** One judgement in progress over one step of a deployment. */
export interface Watch {
  readonly id: string;
  readonly deploymentId: string;
  readonly stepIndex: number;
  readonly kind: WatchKind;
  readonly state: WatchState;
  /** First instant that belongs to the change; intervals are counted from it. */
  readonly changeAtMs: number;
  readonly intervalMs: number;
  readonly settleMs: number;
  readonly plannedLooks: number;
  /** First look that this watch owns (1, or the one after an early `continue` for a tail). */
  readonly firstLook: number;
  /** Last look that was evaluated; 0 before the first. */
  readonly lastLook: number;
  /** Share of the release's α spent on this watch. */
  readonly alpha: number;
  readonly carried: Carried;
  /** What the service's history and feedback changed, fixed when it began; absent where the policy switches that off. */
  readonly tuning?: Tuning;
  /** What was doubtful of the service's calibration when it began; every verdict of the watch says it. */
  readonly doubts?: readonly Reason[];
  /** Content address of the history snapshot; absent until it was taken. */
  readonly snapshotHash?: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly revision: number;
}

/** One row per look: narrow, so that a year of them stays small. */
export interface Tick {
  readonly watchId: string;
  readonly look: number;
  /** End of the interval that this look covers (event time). */
  readonly atMs: number;
  readonly evaluatedAtMs: number;
  readonly value: string;
  readonly rule: string;
  readonly p: number;
  readonly peak: number;
  readonly harmProbability: number;
  /** Smallest coverage over the required metrics, 0–1. */
  readonly coverage: number;
}
