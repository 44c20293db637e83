import type { Reason } from '@bellwether/models';
import type { Role } from '../domain/access.js';
import type { AuditEntry } from '../domain/audit.js';
import type { Check, CheckKind, CheckState, TestSummary } from '../domain/check.js';
import type { Acknowledgement, Collaboration, Incident, Note, NoteKind } from '../domain/collaboration.js';
import type { Change, Deployment, Link, Place, PlannedStep, Step, Strategy } from '../domain/deployment.js';
import type { Evidence } from '../domain/evidence.js';
import type { Feedback, FeedbackJudgement } from '../domain/feedback.js';
import type { CheckStanding as FreshStanding } from '../domain/fresh-check.js';
import type { Hold } from '../domain/hold.js';
import type { OutboxMessage } from '../domain/outbox.js';
import type { Policy } from '../domain/policy.js';
import type { CheckStanding } from '../domain/required-check.js';
import type { Controls, Rollback } from '../domain/rollback.js';
import type { SampleBatch } from '../domain/sample.js';
import type { SampleRefusal } from '../domain/sample-refusal.js';
import type { Tuning, TuningReset } from '../domain/tuning.js';
import type { MetricFinding, Verdict } from '../domain/verdict.js';
import type { Tick, Watch } from '../domain/watch.js';
import type { DeploymentQuery, IdempotentAnswer, Page } from '../store/port.js';
import type { LabelledHistory } from './feedback/labelled-history.js';
import type { LearnedTuning } from './learned/learned-tuning.js';
import type { DiscoveryQuery, Found } from './discovery/found.js';
import type { HealthPage, HealthQuery } from './health/health-over-time.js';
import type { Activity } from './verdict-feed.js';

/** Who is asking, as authenticated by the edge; scope fields may be `*`. */
export interface Caller {
  /** Of the token, or `grafana:` and the login of the person for whom a Grafana app asks. */
  readonly name: string;
  readonly role: Role;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
  /** `token:<id>`, `system`, `cli`; for a person behind a Grafana app also how it is known who that is: `token:<id> grafana-id`. */
  readonly authentication: string;
  /** Login of the person for whom a Grafana app asks. */
  readonly person?: string;
  /** Where that person may do more than read. */
  readonly actsIn?: readonly Place[];
}

/** Expected refusals; `field` is a JSON pointer into the request, or the name of a query parameter, and `remedy` says what to do. */
export class AppError extends Error {
  constructor(
    readonly code: 'invalid' | 'not-found' | 'forbidden' | 'conflict' | 'stale' | 'too-many' | 'unavailable',
    message: string,
    readonly info: {
      readonly field?: string;
      readonly remedy?: string;
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(message);
  }
}

export interface StartDeployment {
  readonly id?: string;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly previousVersion?: string;
  readonly strategy: Strategy;
  readonly change: Change;
  readonly migration?: { readonly reversible: boolean; readonly description?: string };
  readonly dependsOn: readonly { readonly service: string; readonly environment?: string }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  readonly plannedSteps: readonly PlannedStep[];
  /** Defaults to now. */
  readonly startedAtMs?: number;
  /** Set when somebody else has put an earlier version back in place of this deployment; it is watched to prove recovery. */
  readonly rollbackOf?: string;
  /** Name of a policy in the server's configuration, or one by value with its defaults filled in; absent: the service's, else `default`. */
  readonly policy?: string | Policy;
}

/** What became of samples that were written. */
export interface WrittenSamples {
  readonly stored: number;
  readonly replaced: number;
  readonly refusals: readonly SampleRefusal[];
}

/** The person whom a token speaks for, as the caller states it. */
export interface StatedPerson {
  readonly name: string;
  /** What they are in the team. */
  readonly role?: string;
}

export interface CheckReport {
  readonly name: string;
  readonly kind: CheckKind;
  readonly state: CheckState;
  /** Name of a planned step; absent: the whole release. */
  readonly step?: string;
  readonly summary?: string;
  readonly link?: string;
  readonly tests?: TestSummary;
  readonly expiresAtMs?: number;
  readonly by?: StatedPerson;
}

export interface HoldRequest {
  readonly reason: string;
  readonly untilMs?: number;
  readonly stopsRollback: boolean;
  readonly by?: StatedPerson;
}

/** What a person says of a verdict, or the entry that is taken back. */
export type FeedbackRequest = Pick<Feedback, 'metrics' | 'retracts' | 'comment'> & {
  readonly judgement?: FeedbackJudgement;
  /** Sequence of the verdict; default: the newest one that looks came to. */
  readonly verdict?: number;
};

/** How well a service is calibrated in one environment, and what its next watch would be tuned by. */
export interface CalibrationView {
  readonly place: Place;
  /** By which the newest release was judged. */
  readonly policy: Pick<Policy, 'name' | 'alpha' | 'prior'>;
  /** Absent where the policy switches it off. */
  readonly tuning?: Tuning;
  readonly labelled: LabelledHistory;
  readonly freshChecks: FreshStanding;
}

/** A deployment's hold, if any, and the verdict that counts under it. */
export interface HoldView {
  readonly deployment: Deployment;
  readonly hold?: Hold;
  readonly verdict: Verdict;
}

/** Checks of a deployment, and how those stand that its present step must have. */
export interface ChecksView {
  readonly deployment: Deployment;
  readonly checks: readonly Check[];
  readonly required: readonly CheckStanding[];
}

/** Everything a page or a consumer shows of one deployment. */
export interface DeploymentView {
  readonly deployment: Deployment;
  readonly steps: readonly Step[];
  readonly watches: readonly Watch[];
  /** Newest first. */
  readonly verdicts: readonly Verdict[];
  readonly rollbacks: readonly Rollback[];
  readonly feedback: readonly Feedback[];
  /** Checks, notes, incidents, who has it, and the hold. */
  readonly collaboration: Collaboration;
}

export interface DeploymentReport extends DeploymentView {
  readonly ticks: readonly (Tick & { readonly watchKind: Watch['kind'] })[];
  /** Evidence of the newest verdict change, if any was kept. */
  readonly evidence?: Evidence;
  readonly audit: readonly AuditEntry[];
  /** Display names behind pseudonyms that may still be known. */
  readonly people: Readonly<Record<string, string>>;
}

/** How the newest watch of a deployment stands after its newest look, also where the verdict did not change. */
export interface WatchProgress {
  readonly deployment: Deployment;
  /** The verdict that counts now. */
  readonly verdict: Verdict;
  readonly watch?: Watch;
  /** The newest ones, oldest first. */
  readonly ticks: readonly Tick[];
  /** Of the newest look; empty before the first, and after a restart until the next one. */
  readonly findings: readonly MetricFinding[];
  readonly reasons: readonly Reason[];
  readonly stillNeeded: readonly Reason[];
  /** The newest look, where it is newer than the verdict. */
  readonly newest?: Pick<Verdict, 'look' | 'asOfMs' | 'p' | 'explanation' | 'forecasts'>;
}

/** What a request with an `Idempotency-Key` is known by. */
export type RequestKey = Pick<IdempotentAnswer, 'project' | 'key' | 'requestHash'>;

/** What one request asks of the transaction that carries it out. */
export interface Conditions {
  /** Throws unless the present revision of the deployment will do. */
  readonly revision?: { readonly deploymentId: string; readonly check: (revision: number) => void };
  /** It is carried out once: every repeat gives what the first one gave. */
  readonly once?: RequestKey;
}

/** What the outside can ask for. Every call checks the caller's role and scope, and every decision is audited. */
export interface UseCases {
  /** The same for one request, held to its conditions in the transaction that carries it out. */
  under(caller: Caller, conditions: Conditions): Omit<UseCases, 'under'>;
  startDeployment(caller: Caller, command: StartDeployment): Promise<Deployment>;
  beginStep(
    caller: Caller,
    id: string,
    step: { readonly name?: string; readonly trafficShare?: number; readonly startedAtMs?: number },
  ): Promise<Step>;
  finishDeployment(caller: Caller, id: string): Promise<Deployment>;
  cancelDeployment(caller: Caller, id: string, reason?: string): Promise<Deployment>;
  listDeployments(
    caller: Caller,
    query: DeploymentQuery,
  ): Promise<Page<{ readonly deployment: Deployment; readonly verdict?: Verdict }>>;
  viewDeployment(caller: Caller, id: string): Promise<DeploymentView>;
  reportDeployment(caller: Caller, id: string): Promise<DeploymentReport>;
  viewProgress(caller: Caller, id: string): Promise<WatchProgress>;
  /** The verdict that counts now; a synthetic `pending` one before the first is written. */
  currentVerdict(caller: Caller, id: string): Promise<Verdict>;
  /** Resolves when the verdict differs from `knownSequence`, or after `waitMs`. */
  waitForVerdict(
    caller: Caller,
    id: string,
    knownSequence: number,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<Verdict>;
  /** Verdict changes as they happen; returns the way to stop listening. */
  onVerdict(caller: Caller, id: string, listener: (verdict: Verdict) => void): Promise<() => void>;
  requestRollback(
    caller: Caller,
    id: string,
    request: { readonly reason?: string; readonly dryRun: boolean },
  ): Promise<Rollback>;
  overrideContinue(caller: Caller, id: string, request: { readonly reason: string }): Promise<Verdict>;
  giveFeedback(caller: Caller, id: string, request: FeedbackRequest): Promise<Feedback>;
  /** What was learned from a service's history no longer counts for watches that begin from now on. */
  resetTuning(caller: Caller, place: Place, reason: string): Promise<TuningReset>;
  /** Tunes the learned scorer on a service's own quiet history, and has new watches ask it where it is better. */
  tuneLearnedScorer(caller: Caller, place: Place, reason: string): Promise<LearnedTuning>;
  /** New watches ask the shipped model again. */
  revertLearnedScorer(caller: Caller, place: Place, reason: string): Promise<LearnedTuning>;
  /** How well the error rate and the probabilities of a service held, by environment. */
  viewCalibration(
    caller: Caller,
    query: { readonly project: string; readonly service: string; readonly environment?: string },
  ): Promise<readonly CalibrationView[]>;
  /** How deployments went over time, one page of services and environments. */
  viewHealth(caller: Caller, query: HealthQuery): Promise<HealthPage>;
  /** The newest report of a check counts; a failed required one can decide at once. */
  reportCheck(caller: Caller, id: string, report: CheckReport): Promise<Check>;
  viewChecks(caller: Caller, id: string): Promise<ChecksView>;
  hold(caller: Caller, id: string, request: HoldRequest): Promise<HoldView>;
  proceed(
    caller: Caller,
    id: string,
    request: { readonly reason: string; readonly by?: StatedPerson },
  ): Promise<HoldView>;
  /** "I have this", or the end of it. */
  acknowledge(
    caller: Caller,
    id: string,
    request: { readonly comment?: string; readonly release: boolean; readonly by?: StatedPerson },
  ): Promise<Acknowledgement>;
  addNote(
    caller: Caller,
    id: string,
    request: { readonly kind: NoteKind; readonly text: string; readonly by?: StatedPerson },
  ): Promise<Note>;
  linkIncident(
    caller: Caller,
    id: string,
    request: { readonly url: string; readonly title: string; readonly by?: StatedPerson },
  ): Promise<Incident>;
  /** What people and pipelines do on a deployment, as it happens; returns the way to stop listening. */
  onActivity(caller: Caller, id: string, listener: (activity: Activity) => void): Promise<() => void>;
  pushSamples(
    caller: Caller,
    batches: readonly SampleBatch[],
  ): Promise<{ readonly stored: number; readonly replaced: number }>;
  /** The same for agents, which cannot correct a part: what can be kept is kept, the rest is counted. */
  writeSamples(caller: Caller, batches: readonly SampleBatch[]): Promise<WrittenSamples>;
  /** What there is to watch of a service, and a policy made of it. */
  discover(caller: Caller, query: DiscoveryQuery): Promise<Found>;
  controls(caller: Caller, project: string): Promise<Controls>;
  setControls(caller: Caller, project: string, controls: Controls): Promise<Controls>;
  outbox(
    caller: Caller,
    query: { readonly state?: OutboxMessage['state']; readonly limit: number },
  ): Promise<readonly OutboxMessage[]>;
  redeliver(caller: Caller, messageId: string): Promise<void>;
}
