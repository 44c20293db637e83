import type { Baseline, EffectSize, GuardRail, Criticality, Direction, MetricKind } from '@bellwether/models';
import type { Role } from './access.js';
import type { RequiredCheck } from './check.js';
import type { DiscoveryRule } from './discovery.js';

/** `observe` records only; `recommend` says it and people act; `act` executes. */
export type Mode = 'observe' | 'recommend' | 'act';
/** What a consumer is told while there is no verdict to give. */
export type FailurePolicy = 'fail-open' | 'fail-closed';

/** Which series feed an arm. Values may hold `{{service}}`, `{{environment}}`, `{{version}}`, `{{previousVersion}}`. */
export interface Selector {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * What a source works out in its own language. `{{version}}` is the version of the arm that is read, and any version where the arm is
 * the whole service. One that comes to the same for both arms feeds both alike, so that metric is compared with its past alone.
 */
export interface Expression {
  readonly query: string;
  /** For control arms, where they need another one. */
  readonly control?: { readonly query: string };
}

/** What feeds a part of a signal. */
export type Feed = Selector | Expression;

/** How several matching series become one: counters of several instances are added, gauges averaged, unless said otherwise. */
export type Combine = 'sum' | 'mean' | 'max' | 'outlier' | 'only';

/**
 * A gauge is read as it is; a counter becomes a rate per second with resets healed; a ratio is events over total: both counters, or
 * both expressions that give counts an interval; a histogram is counters by bucket, named without `_bucket`, or an expression that gives
 * the count of each interval by `le`. `source` names a configured source; without it what was pushed is read.
 */
export type Signal =
  | {
      readonly type: 'gauge';
      readonly source?: string;
      readonly series: Selector;
      readonly combine: Combine;
    }
  | (Expression & { readonly type: 'gauge'; readonly source: string; readonly combine: Combine })
  | {
      readonly type: 'counter';
      readonly source?: string;
      readonly series: Selector;
      readonly combine: Combine;
    }
  | { readonly type: 'histogram'; readonly source?: string; readonly series: Selector }
  | (Expression & { readonly type: 'histogram'; readonly source: string })
  | { readonly type: 'ratio'; readonly source?: string; readonly events: Feed; readonly total: Feed };

/** A guard-rail on the error budget of a ratio: burning it faster than a limit over a long and a short window decides at once. */
export interface BurnRateRail {
  /** Share of good events that is promised, in (0, 1). */
  readonly objective: number;
  readonly windows: readonly {
    readonly limit: number;
    readonly longMs: number;
    readonly shortMs: number;
  }[];
  readonly fewestEvents: number;
}

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
  readonly burnRate?: BurnRateRail;
  /** Where the resource ends, in the metric's unit: forecast, never decided on. */
  readonly ceiling?: number;
  /** Movement beyond chance that harms within this time, if it goes on, counts as harm now; absent: only harm that is there. */
  readonly horizonMs?: number;
  /** How late this metric's samples may arrive, where that is later than `settleMs` of the policy: it is judged so much later. */
  readonly settleMs?: number;
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
  /** Steps of a canary that plans none itself. */
  readonly steps?: readonly { readonly name: string; readonly trafficShare?: number }[];
  /** What metrics may be compared with; default: all that there is. */
  readonly baselines?: readonly Baseline[];
  readonly metrics: readonly MetricSpec[];
  /** What is watched beside the metrics at advisory weight; found when a deployment starts. */
  readonly discover?: DiscoveryRule;
  /** Whether feedback and the service's own history tune prior and weights; absent: `on`, as in policies stored before there was a choice. */
  readonly feedback?: 'on' | 'off';
  /** Whether gauges are also shown to the learned scorer; absent: `off`. */
  readonly learnedScorer?: 'on' | 'off';
  readonly groupWeights: Readonly<Record<string, number>>;
  /** Guard-rail "the canary serves nothing while the control serves", read off the counters of both arms. */
  readonly canarySilence: boolean;
  /** What must have passed before `continue`; absent: nothing, as in policies stored before there were checks. */
  readonly requiredChecks?: readonly RequiredCheck[];
  /** Roles that may hold and proceed; absent: operator and admin. */
  readonly holdRoles?: readonly Exclude<Role, 'viewer'>[];
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
