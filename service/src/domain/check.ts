import type { Role } from './access.js';

/** What kind of proof stands beside the metrics. */
export type CheckKind = 'smoke-test' | 'junit' | 'sign-off' | 'change-approval' | 'custom';
/** The legal moves are in `check-machine.ts`. */
export type CheckState = 'running' | 'passed' | 'failed' | 'expired';

/** Who said something: the token that asked, and the person whom it speaks for, both by pseudonym. */
export interface Author {
  /** Pseudonym of the token's name. */
  readonly actor: string;
  readonly actorRole: Role;
  /** Pseudonym of the person who was named in the request. */
  readonly person?: string;
  /** What that person is in the team, in their own words. */
  readonly personRole?: string;
}

/** A test run in numbers; the names are those of the first tests that failed. */
export interface TestSummary {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly failing: readonly string[];
}

/** The newest report of a named check; earlier ones are in the audit log. */
export interface Check extends Author {
  readonly deploymentId: string;
  readonly name: string;
  /** Fixed by the first report. */
  readonly kind: CheckKind;
  readonly state: CheckState;
  /** The step that it speaks of; absent: the whole release. */
  readonly stepIndex?: number;
  readonly summary?: string;
  readonly link?: string;
  readonly tests?: TestSummary;
  readonly firstReportedAtMs: number;
  readonly reportedAtMs: number;
  /** A pass counts until then; absent: for good. */
  readonly expiresAtMs?: number;
  /** Number of reports. */
  readonly revision: number;
}

/** What the failure of a required check means: it decides `rollback`, or it bars `continue`. */
export type OnFailure = 'rollback' | 'inconclusive';

/** A check that must have passed before `continue`. */
export interface RequiredCheck {
  readonly name: string;
  /** The kind it must be reported as; absent: any. */
  readonly kind?: CheckKind;
  /** The least role that may report it; absent: that of its kind. */
  readonly role?: Exclude<Role, 'viewer'>;
  /** Planned step that it belongs to; absent: every step. */
  readonly step?: string;
  readonly onFailure: OnFailure;
  /** How long it is waited for after the last look of the watch. */
  readonly timeoutMs: number;
}

/** What a check comes to at an instant: a pass that ran out is `expired`. */
export function stateAt(check: Pick<Check, 'state' | 'expiresAtMs'>, nowMs: number): CheckState {
  const ranOut = check.expiresAtMs !== undefined && check.expiresAtMs <= nowMs;
  return ranOut && check.state === 'passed' ? 'expired' : check.state;
}
