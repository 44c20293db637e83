import type { ArmsPlan } from './synthetic-arms.js';
import type { Harm } from './synthetic-harm.js';
import type { SyntheticService } from './synthetic-service.js';

/** A few simulated pasts with the futures that follow each: what a thread judges at once. */
export interface Trial {
  /** Names cell and batch; what is in a result file under this name is not run again. */
  readonly key: string;
  readonly cell: string;
  readonly subject:
    | { readonly kind: 'service'; readonly service: SyntheticService; readonly harm?: Harm }
    | { readonly kind: 'arms'; readonly plan: ArmsPlan; readonly isHarmed: boolean };
  readonly firstSeed: number;
  readonly pasts: number;
  /** Deployments that follow each past. */
  readonly futures: number;
  /** How many of those the other methods judge, too. */
  readonly peerFutures: number;
  /** Whether the learned scorer is asked, too. */
  readonly isLearnedAsked: boolean;
}

/** Look at which each method rolled a deployment back; null: never. */
export type AlarmLooks = readonly (number | null)[];

/** What became of one past. */
export interface PastResult {
  /** By method; one entry a deployment. */
  readonly alarms: Readonly<Record<string, AlarmLooks>>;
  readonly effectivePlacebos: number;
}

/** What became of a trial. */
export interface TrialResult {
  readonly key: string;
  readonly cell: string;
  /** Time that it took, for the estimate of what is left. */
  readonly tookMs: number;
  readonly pasts: readonly PastResult[];
}

/** Name of Bellwether among the methods. */
export const OURS = 'bellwether';
export const MANN_WHITNEY = 'mann-whitney';
export const Z_TEST = 'z-test';
