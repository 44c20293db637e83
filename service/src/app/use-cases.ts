import type { Role } from '../domain/access.js';
import type { AuditEntry } from '../domain/audit.js';
import type { Change, Deployment, Link, PlannedStep, Step, Strategy } from '../domain/deployment.js';
import type { Evidence } from '../domain/evidence.js';
import type { OutboxMessage } from '../domain/outbox.js';
import type { Policy } from '../domain/policy.js';
import type { Controls, Feedback, Rollback } from '../domain/rollback.js';
import type { SampleBatch } from '../domain/sample.js';
import type { Verdict } from '../domain/verdict.js';
import type { Tick, Watch } from '../domain/watch.js';
import type { DeploymentQuery, Page } from '../store/port.js';

/** Who is asking, as authenticated by the edge; scope fields may be `*`. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
  /** `token:<id>`, `system`, `cli`. */
  readonly authentication: string;
}

/** Expected refusals; `field` is a JSON pointer into the request and `remedy` says what to do. */
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
  /** Name of a policy in the server's configuration, or one by value with its defaults filled in; absent: the service's, else `default`. */
  readonly policy?: string | Policy;
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
}

export interface DeploymentReport extends DeploymentView {
  readonly ticks: readonly (Tick & { readonly watchKind: Watch['kind'] })[];
  /** Evidence of the newest verdict change, if any was kept. */
  readonly evidence?: Evidence;
  readonly audit: readonly AuditEntry[];
  /** Display names behind pseudonyms that may still be known. */
  readonly people: Readonly<Record<string, string>>;
}

/** What the outside can ask for. Every call checks the caller's role and scope, and every decision is audited. */
export interface UseCases {
  /** @param repeatId id of the new deployment that every repeat of the request derives alike: the second one finds the first's */
  startDeployment(caller: Caller, command: StartDeployment, repeatId?: string): Promise<Deployment>;
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
  giveFeedback(
    caller: Caller,
    id: string,
    request: Pick<Feedback, 'judgement' | 'comment'>,
  ): Promise<Feedback>;
  pushSamples(
    caller: Caller,
    batches: readonly SampleBatch[],
  ): Promise<{ readonly stored: number; readonly replaced: number }>;
  controls(caller: Caller, project: string): Promise<Controls>;
  setControls(caller: Caller, project: string, controls: Controls): Promise<Controls>;
  outbox(
    caller: Caller,
    query: { readonly state?: OutboxMessage['state']; readonly limit: number },
  ): Promise<readonly OutboxMessage[]>;
  redeliver(caller: Caller, messageId: string): Promise<void>;
}
