import type { AccessToken } from '../domain/access.js';
import type { AuditEntry, NewAuditEntry } from '../domain/audit.js';
import type { Check } from '../domain/check.js';
import type { Acknowledgement, Incident, Note } from '../domain/collaboration.js';
import type { Deployment, DeploymentState, Place, Step } from '../domain/deployment.js';
import type { Feedback } from '../domain/feedback.js';
import type { FreshCheck } from '../domain/fresh-check.js';
import type { Hold } from '../domain/hold.js';
import type { JudgedRelease } from '../domain/judged-release.js';
import type { ReleaseOutcome } from '../domain/release-outcome.js';
import type { NewOutboxMessage, OutboxMessage } from '../domain/outbox.js';
import type { Controls, Rollback } from '../domain/rollback.js';
import type { TuningReset } from '../domain/tuning.js';
import type { Verdict, VerdictValue } from '../domain/verdict.js';
import type { Tick, Watch } from '../domain/watch.js';
import type { SampleStore } from './sample-store.js';

export type { ListedSamples, SampleStore } from './sample-store.js';

/** Everything that must last. All methods are atomic; `transaction` makes several of them one. */
export interface Store extends Reader {
  /**
   * Runs `work` in one serialised write transaction; everything or nothing. `work` must use only the `tx` it is given.
   * @throws StoreError `disk-full`, `conflict`, `unavailable`
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  readonly samples: SampleStore;
  /** A consistent copy of the running database in one file. */
  backup(toFile: string): Promise<void>;
  /** Deletes what is older than its retention; returns rows removed by table. Audit rows go only behind a signed checkpoint. */
  prune(nowMs: number, retention: Retention): Promise<Readonly<Record<string, number>>>;
  /** Walks the audit chain and its signed checkpoints; `trustedKeys` are public keys (PEM) of earlier signing keys. */
  verifyAudit(options?: { readonly trustedKeys?: readonly string[] }): Promise<AuditVerification>;
  /** How much is in it and waits; cheap enough for every scrape. */
  statistics(): Promise<StoreStatistics>;
  /** Signs the newest audit entry; undefined while there is none. Note its hash elsewhere to notice a cut tail. */
  checkpointAudit(): Promise<AuditCheckpoint | undefined>;
  close(): Promise<void>;
}

/** Reads outside a transaction. */
export interface Reader {
  deployment(id: string): Promise<Deployment | undefined>;
  /** @throws StoreError `invalid-cursor` */
  deployments(query: DeploymentQuery): Promise<Page<Deployment>>;
  /** By index. */
  steps(deploymentId: string): Promise<readonly Step[]>;
  watch(id: string): Promise<Watch | undefined>;
  /** Oldest first. */
  watches(filter: {
    readonly deploymentId?: string;
    readonly state?: Watch['state'];
  }): Promise<readonly Watch[]>;
  /** By look. */
  ticks(watchId: string): Promise<readonly Tick[]>;
  /** Newest first. */
  verdicts(deploymentId: string): Promise<readonly Verdict[]>;
  latestVerdict(deploymentId: string): Promise<Verdict | undefined>;
  /** Newest verdict of each deployment that has one, for lists. */
  latestVerdicts(deploymentIds: readonly string[]): Promise<ReadonlyMap<string, Verdict>>;
  /** Content of a content-addressed object, decompressed. */
  blob(hash: string): Promise<Uint8Array | undefined>;
  /** Newest first. */
  rollbacks(deploymentId: string): Promise<readonly Rollback[]>;
  /** Oldest first. */
  rollbacksIn(states: readonly Rollback['state'][]): Promise<readonly Rollback[]>;
  /** Automatic rollbacks of a project requested at or after an instant; refused ones do not count. */
  automaticRollbacksSince(project: string, sinceMs: number): Promise<number>;
  /** Oldest first. */
  feedback(deploymentId: string): Promise<readonly Feedback[]>;
  /** Newest releases of a place that have begun, rollbacks left out, with what was said of them; newest first. */
  judgedReleases(place: Place, limit: number): Promise<readonly JudgedRelease[]>;
  /** Releases of a place that began in [fromMs, toMs), rollbacks left out, as statistics see them; newest first. */
  releaseOutcomes(
    place: Place,
    range: { readonly fromMs: number; readonly toMs: number; readonly limit: number },
  ): Promise<readonly ReleaseOutcome[]>;
  /** When the tuning of a place was last set back. */
  tuningReset(place: Place): Promise<TuningReset | undefined>;
  /** Places with deployments that began at or after an instant, by name. */
  places(filter: {
    readonly project?: string;
    readonly service?: string;
    readonly sinceMs?: number;
  }): Promise<readonly Place[]>;
  /** Quiet moments of a place that were judged, newest moment first. */
  freshChecks(place: Place): Promise<readonly FreshCheck[]>;
  /** By first report. */
  checks(deploymentId: string): Promise<readonly Check[]>;
  /** Oldest first. */
  notes(deploymentId: string): Promise<readonly Note[]>;
  /** Oldest first. */
  incidents(deploymentId: string): Promise<readonly Incident[]>;
  /** Oldest first. */
  acknowledgements(deploymentId: string): Promise<readonly Acknowledgement[]>;
  /** The hold that stands, also one that lapsed and was not lifted yet. */
  hold(deploymentId: string): Promise<Hold | undefined>;
  /** Holds whose end has come, the earliest first. */
  lapsedHolds(nowMs: number): Promise<readonly Hold[]>;
  controls(project: string): Promise<Controls>;
  tokenByHash(hash: string): Promise<AccessToken | undefined>;
  tokens(): Promise<readonly AccessToken[]>;
  /** By sequence, ascending. */
  audit(query: {
    readonly afterSequence?: number;
    readonly limit: number;
    readonly deploymentId?: string;
  }): Promise<readonly AuditEntry[]>;
  /** Name behind a pseudonym; undefined after it was forgotten. */
  personBehind(pseudonym: string): Promise<string | undefined>;
  /** `waiting`: the one due soonest first; otherwise newest first. */
  outbox(query: {
    readonly state?: OutboxMessage['state'];
    readonly limit: number;
  }): Promise<readonly OutboxMessage[]>;
  /** The oldest waiting message of each lane (endpoint and deployment), where it is due; oldest first. */
  dueOutbox(nowMs: number, limit: number): Promise<readonly OutboxMessage[]>;
  outboxMessage(id: string): Promise<OutboxMessage | undefined>;
  idempotent(project: string, key: string): Promise<IdempotentAnswer | undefined>;
}

export interface Transaction extends Reader {
  /** @throws StoreError `conflict` when the id exists. */
  insertDeployment(deployment: Deployment): Promise<void>;
  /** Writes `next` if the stored revision is `next.revision - 1`. @throws StoreError `conflict` */
  updateDeployment(next: Deployment): Promise<void>;
  insertStep(step: Step): Promise<void>;
  endStep(deploymentId: string, index: number, endedAtMs: number): Promise<void>;
  insertWatch(watch: Watch): Promise<void>;
  /** @throws StoreError `conflict` */
  updateWatch(next: Watch): Promise<void>;
  /** @throws StoreError `conflict` when this watch already has this look: no tick has two verdicts. */
  insertTick(tick: Tick): Promise<void>;
  insertVerdict(verdict: Verdict): Promise<void>;
  /** Stores content once, compressed; returns its SHA-256 in hex. */
  putBlob(content: Uint8Array): Promise<string>;
  /** @throws StoreError `conflict` when the deployment already has a living one. */
  insertRollback(rollback: Rollback): Promise<void>;
  /** @throws StoreError `conflict` */
  updateRollback(next: Rollback): Promise<void>;
  insertFeedback(feedback: Feedback): Promise<void>;
  insertTuningReset(reset: TuningReset): Promise<void>;
  /** Keeps the newest 500 of the place. @throws StoreError `conflict` when this moment was judged before */
  insertFreshCheck(check: FreshCheck): Promise<void>;
  /** Writes the first report of a check, or the next one over the revision before it. @throws StoreError `conflict` */
  putCheck(next: Check): Promise<void>;
  insertNote(note: Note): Promise<void>;
  /** @throws StoreError `conflict` when the address is linked to the deployment already */
  insertIncident(incident: Incident): Promise<void>;
  /** @throws StoreError `conflict` while another one is not released */
  insertAcknowledgement(acknowledgement: Acknowledgement): Promise<void>;
  /** @throws StoreError `conflict` */
  updateAcknowledgement(next: Acknowledgement): Promise<void>;
  /** Replaces the hold that stands. */
  setHold(hold: Hold): Promise<void>;
  clearHold(deploymentId: string): Promise<void>;
  setControls(project: string, controls: Controls): Promise<void>;
  insertToken(token: AccessToken): Promise<void>;
  revokeToken(id: string, atMs: number): Promise<void>;
  appendAudit(entry: NewAuditEntry): Promise<AuditEntry>;
  /** Stable pseudonym of a person or token name; made at first sight. */
  pseudonym(name: string): Promise<string>;
  /** Deletes the key behind a pseudonym: the audit chain still verifies, the name is gone. */
  forget(pseudonym: string): Promise<void>;
  enqueue(message: NewOutboxMessage): Promise<void>;
  updateOutbox(message: OutboxMessage): Promise<void>;
  /** What expired gives way, and `UNANSWERED` to the answer of the same request. @throws StoreError `conflict` when the key was answered before. */
  saveIdempotent(answer: IdempotentAnswer): Promise<void>;
}

export interface DeploymentQuery {
  readonly project: string;
  readonly service?: string;
  readonly environment?: string;
  readonly state?: DeploymentState;
  /** Of the newest verdict; `pending` also finds deployments without one. */
  readonly verdict?: VerdictValue;
  readonly label?: { readonly name: string; readonly value: string };
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Opaque; from an earlier page. */
  readonly cursor?: string;
  /** 1–500. Newest first by `startedAtMs`, then id. */
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/** How long a repeated request is recognised by its `Idempotency-Key`. */
export const IDEMPOTENT_FOR_MS = 86_400_000;

/** Status of a request that was carried out and whose answer is not kept yet; its body is what its transaction gave, as `{"result": …}`. */
export const UNANSWERED = 0;

export interface IdempotentAnswer {
  readonly project: string;
  readonly key: string;
  /** Hash of method, path and body: another body under the same key is a conflict. */
  readonly requestHash: string;
  readonly status: number;
  readonly body: string;
  readonly atMs: number;
}

export interface Retention {
  readonly samplesMs: number;
  readonly ticksMs: number;
  readonly evidenceMs: number;
  readonly auditMs: number;
}

/** What an operator watches of a store. */
export interface StoreStatistics {
  readonly databaseBytes: number;
  readonly outboxWaiting: number;
  /** Given up, and not redelivered. */
  readonly outboxDead: number;
  /** When the oldest waiting message was written; absent while none waits. */
  readonly oldestWaitingAtMs?: number;
  /** When the audit log was last signed. */
  readonly lastCheckpointAtMs?: number;
  /** When the oldest audit entry was written that no signature covers; absent while all are covered. */
  readonly oldestUnsignedAtMs?: number;
}

/** A signature over the chain up to and including `sequence`. */
export interface AuditCheckpoint {
  readonly sequence: number;
  /** Hash of the entry with that sequence. */
  readonly hash: string;
  readonly atMs: number;
  /** First 16 hex digits of the SHA-256 of the public key (SPKI, DER). */
  readonly keyId: string;
  /** Ed25519, base64. */
  readonly signature: string;
}

export type AuditVerification =
  | { readonly ok: true; readonly entries: number; readonly checkpoints: number }
  | { readonly ok: false; readonly atSequence: number; readonly problem: string };

export type StoreErrorCode =
  | 'conflict'
  | 'disk-full'
  | 'unavailable'
  | 'newer-version'
  | 'corrupt'
  | 'invalid-cursor'
  | 'too-many-series'
  /** The database behind the store does not take what was given. */
  | 'refused';

/** The store could not do it; nothing was half-written. */
export class StoreError extends Error {
  /** When whoever is behind the store wants to be asked again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    readonly retryable: boolean,
    options?: ErrorOptions & { readonly retryAfterSeconds?: number },
  ) {
    super(message, options);
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}
