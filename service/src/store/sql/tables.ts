import type { Generated } from 'kysely';

/**
 * Columns as stored. What lists filter and reports group by has a column of its own; the rest of a thing is its
 * JSON `document`, so that rows of an older or newer version stay readable.
 */
export interface Tables {
  readonly deployment: DeploymentTable;
  readonly deployment_label: {
    readonly deployment_id: string;
    readonly name: string;
    readonly value: string;
  };
  readonly step: StepTable;
  readonly watch: WatchTable;
  readonly tick: TickTable;
  readonly verdict: VerdictTable;
  readonly blob: BlobTable;
  readonly rollback: RollbackTable;
  readonly feedback: FeedbackTable;
  readonly control: { readonly project: string; readonly document: string };
  readonly token: TokenTable;
  readonly person: { readonly pseudonym: string; readonly name: string; readonly key: Uint8Array };
  readonly audit: AuditTable;
  readonly audit_checkpoint: AuditCheckpointTable;
  readonly outbox: OutboxTable;
  readonly idempotent: IdempotentTable;
  readonly series: SeriesTable;
  readonly sample_log: SampleLogTable;
  readonly sample_chunk: SampleChunkTable;
  readonly deployment_check: DeploymentCheckTable;
  readonly note: NoteTable;
  readonly incident: IncidentTable;
  readonly acknowledgement: AcknowledgementTable;
  readonly hold: HoldTable;
  readonly tuning_reset: PlaceTable;
  readonly fresh_check: FreshCheckTable;
}

interface DeploymentTable {
  readonly id: string;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
  readonly state: string;
  /** Value of the newest verdict; `pending` before the first. */
  readonly verdict_value: string;
  readonly started_at_ms: number;
  readonly revision: number;
  readonly document: string;
}

interface StepTable {
  readonly deployment_id: string;
  readonly step_index: number;
  readonly name: string;
  readonly traffic_share: number | null;
  readonly started_at_ms: number;
  readonly ended_at_ms: number | null;
}

interface WatchTable {
  readonly number: Generated<number>;
  readonly id: string;
  readonly deployment_id: string;
  readonly state: string;
  readonly snapshot_hash: string | null;
  readonly started_at_ms: number;
  readonly ended_at_ms: number | null;
  readonly revision: number;
  readonly document: string;
}

interface TickTable {
  readonly watch_number: number;
  readonly look: number;
  readonly at_ms: number;
  readonly evaluated_at_ms: number;
  readonly value: string;
  readonly rule: string;
  readonly p: number;
  readonly peak: number;
  readonly harm_probability: number;
  readonly coverage: number;
}

interface VerdictTable {
  readonly id: string;
  readonly deployment_id: string;
  readonly sequence: number;
  readonly value: string;
  readonly evidence_hash: string | null;
  readonly decided_at_ms: number;
  readonly document: string;
}

interface BlobTable {
  readonly hash: string;
  readonly used_at_ms: number;
  readonly content: Uint8Array;
}

interface RollbackTable {
  readonly number: Generated<number>;
  readonly id: string;
  readonly deployment_id: string;
  readonly state: string;
  readonly automatic: number;
  readonly requested_at_ms: number;
  readonly revision: number;
  readonly document: string;
}

interface FeedbackTable {
  readonly number: Generated<number>;
  readonly deployment_id: string;
  readonly at_ms: number;
  readonly document: string;
}

interface TokenTable {
  readonly id: string;
  readonly hash: string;
  readonly created_at_ms: number;
  readonly revoked_at_ms: number | null;
  readonly document: string;
}

interface AuditTable {
  readonly sequence: number;
  readonly at_ms: number;
  readonly project: string;
  readonly actor: string;
  readonly authentication: string;
  readonly action: string;
  readonly deployment_id: string | null;
  /** Canonical JSON. */
  readonly detail: string;
  readonly previous_hash: string;
  readonly hash: string;
}

export type CheckpointKind = 'checkpoint' | 'pruned-to';

interface AuditCheckpointTable {
  readonly kind: CheckpointKind;
  readonly sequence: number;
  readonly hash: string;
  readonly at_ms: number;
  readonly key_id: string;
  readonly signature: string;
}

interface OutboxTable {
  readonly number: Generated<number>;
  readonly id: string;
  readonly lane: string;
  readonly state: string;
  readonly next_attempt_at_ms: number;
  readonly created_at_ms: number;
  readonly document: string;
}

interface IdempotentTable {
  readonly project: string;
  readonly key: string;
  readonly request_hash: string;
  readonly status: number;
  readonly body: string;
  readonly at_ms: number;
}

interface SeriesTable {
  readonly id: Generated<number>;
  readonly project: string;
  readonly metric: string;
  /** Canonical JSON, names sorted, no empty values. */
  readonly labels: string;
  /** SHA-256 of project, metric and labels: what makes a series unique. */
  readonly hash: string;
  readonly type: string;
  readonly unit: string | null;
}

interface SampleLogTable {
  readonly sequence: Generated<number>;
  readonly points: Uint8Array;
}

interface SampleChunkTable {
  readonly series_id: number;
  readonly from_ms: number;
  /** Time of the last point. */
  readonly to_ms: number;
  readonly point_count: number;
  readonly points: Uint8Array;
}

interface DeploymentCheckTable {
  readonly number: Generated<number>;
  readonly deployment_id: string;
  readonly name: string;
  /** -1: the whole release. */
  readonly step_index: number;
  readonly revision: number;
  readonly document: string;
}

interface NoteTable {
  readonly number: Generated<number>;
  readonly id: string;
  readonly deployment_id: string;
  readonly document: string;
}

interface IncidentTable extends NoteTable {
  readonly url: string;
}

interface AcknowledgementTable extends NoteTable {
  readonly released_at_ms: number | null;
  readonly revision: number;
}

interface HoldTable {
  readonly deployment_id: string;
  readonly until_ms: number | null;
  readonly document: string;
}

interface PlaceTable {
  readonly number: Generated<number>;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
  readonly document: string;
}

interface FreshCheckTable extends PlaceTable {
  readonly moment_ms: number;
}
