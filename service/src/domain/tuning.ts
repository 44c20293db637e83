import type { Policy } from './policy.js';

/** P(harm) before looking, and where it comes from. */
export interface PriorTuning {
  readonly value: number;
  /** What the policy declares. */
  readonly declared: number;
  readonly source: 'policy' | 'own-history';
  /** Releases that were judged, or said to have gone well or badly. */
  readonly releases: number;
  /** Those of them that did harm. */
  readonly harmful: number;
  /** Those of them of which people said what happened. */
  readonly labelled: number;
}

/** How many times the policy's weight a metric gets. */
export interface WeightTuning {
  readonly metric: string;
  readonly factor: number;
  readonly useful: number;
  readonly noise: number;
}

/** What a service's own history and its feedback change for a watch. Never α, and no metric's limits. */
export interface Tuning {
  readonly prior: PriorTuning;
  /** Metrics whose weight differs from the policy's. */
  readonly weights: readonly WeightTuning[];
  /** Ids of the newest entries that it comes from. */
  readonly feedback: readonly string[];
  /** Releases that began earlier are left out, because somebody reset the tuning then. */
  readonly sinceMs?: number;
}

/** Somebody set the tuning of a service back: what was learned before no longer counts. */
export interface TuningReset {
  readonly project: string;
  readonly service: string;
  readonly environment: string;
  readonly reason: string;
  readonly actor: string;
  readonly atMs: number;
}

/** Whether feedback may change how a service is judged. Policies stored before there was a choice say yes. */
export function isTuned({ feedback }: Pick<Policy, 'feedback'>): boolean {
  return feedback !== 'off';
}

/** P(harm) before looking, for a watch and for what is said of it. */
export function priorFor(
  policy: Pick<Policy, 'prior'>,
  watch: { readonly tuning?: Tuning } | undefined,
): number {
  return watch?.tuning?.prior.value ?? policy.prior;
}

/** How many times the policy's weight a metric gets in a watch. */
export function weightFactorFor(metric: string, tuning: Tuning | undefined): number {
  return tuning?.weights.find((one) => one.metric === metric)?.factor ?? 1;
}
