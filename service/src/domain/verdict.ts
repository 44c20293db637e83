import type {
  Assessment,
  CalibrationSummary,
  DecisionRule,
  Effect,
  Explanation,
  Forecast,
  Guarantee,
  Reason,
} from '@bellwether/models';
import type { VerdictAttribution } from './attribution.js';
import type { GateInputs, GateRule } from './gate.js';
import type { CheckStanding } from './required-check.js';
import type { Tuning } from './tuning.js';

/** `superseded` and `cancelled` end a watch without a judgement. */
export type VerdictValue = Assessment['value'] | 'superseded' | 'cancelled';
export type VerdictRule =
  DecisionRule | 'override' | 'superseded' | 'cancelled' | 'late-regression' | 'canary-silent' | GateRule;

/** One metric's part in a verdict, small enough for a webhook. */
export interface MetricFinding {
  readonly name: string;
  readonly status: 'harmed' | 'moved' | 'quiet' | 'insufficient';
  readonly unit: string;
  readonly contribution: number;
  readonly p?: number;
  readonly effect?: Effect;
  readonly onsetAtMs?: number;
  readonly baseline?: string;
  readonly scorer?: string;
  /** Of a histogram: the quantile, in (0, 1), that the effect speaks of. */
  readonly quantile?: number;
  readonly coverage: number;
  readonly text: string;
}

/** Why an automatic rollback was held back. */
export interface BrakeApplied {
  readonly brake:
    | 'kill-switch'
    | 'freeze'
    | 'rate-limit'
    | 'common-cause'
    | 'is-rollback'
    | 'mode'
    | 'irreversible-migration'
    | 'no-executor'
    | 'stale-evidence'
    | 'weak-guarantee'
    | 'hold'
    | 'began-before'
    | 'other-deployment';
  readonly text: string;
}

/** A judgement that waits for required checks, or for a hold to be lifted. */
export type Withheld = Pick<Verdict, 'rule' | 'guarantee' | 'reasons' | 'confidence'> & {
  readonly value: 'continue' | 'inconclusive';
};

/** A change of verdict; the newest one of a deployment is the verdict that consumers see. */
export interface Verdict {
  readonly id: string;
  readonly deploymentId: string;
  readonly watchId: string;
  readonly stepIndex: number;
  /** 1, 2, 3 … within the deployment. */
  readonly sequence: number;
  readonly look: number;
  readonly value: VerdictValue;
  readonly rule: VerdictRule;
  readonly guarantee: Guarantee;
  readonly p: number;
  readonly pExtrapolated: boolean;
  readonly alpha: number;
  readonly prior: number;
  readonly harmProbability: number;
  /** harmProbability for `rollback`, 1 − harmProbability for `continue`, absent otherwise. */
  readonly confidence?: number;
  readonly reasons: readonly Reason[];
  readonly stillNeeded: readonly Reason[];
  readonly findings: readonly MetricFinding[];
  readonly brakes: readonly BrakeApplied[];
  /** How the required checks stood; absent when none are required. */
  readonly checks?: readonly CheckStanding[];
  /** The hold that it stands under. */
  readonly hold?: NonNullable<GateInputs['hold']>;
  /** What it would be without the checks and the hold that keep it `pending`. */
  readonly withheld?: Withheld;
  readonly calibration?: CalibrationSummary;
  /** Why the look came out so and what would change it; absent where no look was judged. */
  readonly explanation?: Explanation;
  /** Limits that moving metrics run towards, the nearest first. */
  readonly forecasts?: readonly Forecast[];
  /** What the service's history and feedback changed for its watch. */
  readonly tuning?: Tuning;
  /** Whose doing the shift is; where there is one. */
  readonly attribution?: VerdictAttribution;
  /** Content address of the evidence (plots and inputs). */
  readonly evidenceHash?: string;
  readonly engineVersion: string;
  readonly decidedAtMs: number;
  /** Event time that the verdict speaks of: the end of the last interval looked at. */
  readonly asOfMs: number;
}
