import type { EffectSize, GuardRail, Criticality, Direction, MetricKind } from '@bellwether/models';

/** `observe` records only; `recommend` says it and people act; `act` executes. */
export type Mode = 'observe' | 'recommend' | 'act';
/** What a consumer is told while there is no verdict to give. */
export type FailurePolicy = 'fail-open' | 'fail-closed';

/** Which pushed series feed an arm. Values may hold `{{service}}`, `{{environment}}`, `{{version}}`, `{{previousVersion}}`. */
export interface Selector {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** How several matching series become one: counters of several instances are added, gauges averaged, unless said otherwise. */
export type Combine = 'sum' | 'mean' | 'max' | 'only';

/** A gauge is read as it is; a counter becomes a rate per second with resets healed; a ratio is events over total, both counters. */
export type Signal =
  | { readonly type: 'gauge'; readonly series: Selector; readonly combine: Combine }
  | { readonly type: 'counter'; readonly series: Selector; readonly combine: Combine }
  | { readonly type: 'ratio'; readonly events: Selector; readonly total: Selector };

/** One metric of a policy, with every default filled in. */
export interface MetricSpec {
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: string;
  readonly direction: Direction;
  readonly signal: Signal;
  /**
   * Labels laid over the signal's selectors for a step that runs beside its control group (a canary below full traffic).
   * Default: the `version` label tells the arms apart.
   */
  readonly arms: {
    readonly treatment: Readonly<Record<string, string>>;
    readonly control: Readonly<Record<string, string>>;
  };
  readonly minEffect: EffectSize;
  readonly tolerance: EffectSize;
  readonly criticality: Criticality;
  readonly weight: number;
  readonly group?: string;
  /** `required`: without data the watch cannot continue. */
  readonly missing: 'required' | 'optional';
  readonly warmupMs: number;
  readonly guardRail?: GuardRail;
}

/** Limits on what Bellwether may do by itself. */
export interface Brakes {
  readonly maxAutomaticRollbacksPerHour: number;
  /** No automatic action while at least this many other services look harmed at the same time. */
  readonly commonCauseServices: number;
}

/** How deployments of a service are judged, with every default filled in. */
export interface Policy {
  readonly name: string;
  readonly mode: Mode;
  /** Tolerated probability of one false rollback in a release, in (0, 0.5]. */
  readonly alpha: number;
  readonly prior: number;
  readonly intervalMs: number;
  readonly watchMs: number;
  /** How long after an interval's end its samples may still arrive. */
  readonly settleMs: number;
  readonly historyMs: number;
  readonly earliestContinue: number;
  readonly minCoverage: number;
  /** Shares of α by step; `equal` divides it evenly over the planned steps. */
  readonly spending: 'equal' | readonly number[];
  readonly metrics: readonly MetricSpec[];
  readonly groupWeights: Readonly<Record<string, number>>;
  /** Guard-rail "the canary serves nothing while the control serves", read off the counters of both arms. */
  readonly canarySilence: boolean;
  readonly brakes: Brakes;
  /** Names of executors in the server's configuration. */
  readonly executor?: string;
  readonly reasonRequired: boolean;
  readonly consumers: {
    readonly pending: FailurePolicy;
    readonly inconclusive: FailurePolicy;
    readonly outage: FailurePolicy;
  };
}
