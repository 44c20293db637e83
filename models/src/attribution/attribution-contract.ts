import type { Direction, MetricKind } from '../contract.js';

/** Values on the input's grid as they are stored: null = no sample. */
export type StoredValues = readonly (number | null)[];

/** A deployment that may have caused a shift. */
export interface CandidateDeployment {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  /** When each of its steps took effect, ascending, in ms since the epoch; at least one. */
  readonly beganAtMs: readonly number[];
  /** When it was taken back or cancelled; a shift that begins later is hardly its doing. */
  readonly undoneAtMs?: number;
  /** Probability that a change of this service harms, before looking, in (0, 1). */
  readonly prior: number;
}

/** A metric of the judged service that moved. */
export interface ShiftedMetric {
  readonly name: string;
  readonly kind: MetricKind;
  readonly direction: Direction;
  /** > 0; its part in the evidence. */
  readonly weight: number;
  readonly values: StoredValues;
  /** What the season lets expect, in the metric's unit, where the history shows one. */
  readonly expected?: StoredValues;
  /** Of a concurrent control group: then `values` are the new version's alone. */
  readonly control?: StoredValues;
}

/** A metric of another service, of a kind that moved here. */
export interface NeighbourMetric {
  readonly service: string;
  readonly name: string;
  readonly kind: MetricKind;
  readonly direction: Direction;
  readonly values: StoredValues;
}

/** Everything that attribution rests on: plain data, so that it is stored and gives the same bits again. */
export interface AttributionInput {
  readonly intervalMs: number;
  /** Instant of index 0 of every series; all series have `count` values, the newest last. */
  readonly startMs: number;
  readonly count: number;
  readonly deployment: CandidateDeployment;
  readonly rivals: readonly CandidateDeployment[];
  /** Services that each service calls, as far as declared; a service that declares none is not listed. */
  readonly dependencies: readonly { readonly service: string; readonly on: readonly string[] }[];
  readonly metrics: readonly ShiftedMetric[];
  readonly neighbours: readonly NeighbourMetric[];
  /** Whether the two versions differ while both run: no other service's change explains that. */
  readonly armsDiffer: boolean;
}

/** When a shift began; indices of the grid, both ends included. */
export interface Onset {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** Credibility of the interval, e.g. 0.9. */
  readonly level: number;
  /** Probability that it began clearly before the deployment, 0–1. */
  readonly beforeProbability: number;
  readonly beforeDeployment: boolean;
}

/** The deployment's own movement against that of the other services; shares of the baseline (0.2 = +20 %). */
export interface Contrast {
  readonly metric: string;
  readonly own: number;
  readonly others: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** How often the past differed as much, (1 + count) / (moments + 1). */
  readonly p: number;
}

/** How many other services moved with this one. */
export interface CommonCause {
  readonly likely: boolean;
  /** Services whose series could be compared. */
  readonly services: number;
  readonly moved: readonly string[];
  /** How often as many moved together in their own past; absent where the past is too short. */
  readonly p?: number;
  readonly contrast?: Contrast;
}

/** One explanation and how much of the posterior it has. */
export interface RankedCause {
  /** Id of a deployment; absent for "something else". */
  readonly deployment?: string;
  readonly service?: string;
  readonly version?: string;
  readonly share: number;
  readonly reasons: readonly string[];
}

/** Whose doing a shift is. */
export interface Attribution {
  /** One sentence for people. */
  readonly sentence: string;
  /** Best first, "something else" among them; shares add up to 1. Empty where no onset could be estimated. */
  readonly candidates: readonly RankedCause[];
  readonly onset?: Onset;
  readonly commonCause: CommonCause;
}
