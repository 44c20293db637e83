import type { Migration } from './migration.js';

/** Schema of the first release. */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  sql: `
CREATE TABLE deployment (
  id TEXT PRIMARY KEY, project TEXT NOT NULL, service TEXT NOT NULL, environment TEXT NOT NULL, state TEXT NOT NULL,
  verdict_value TEXT NOT NULL, started_at_ms INTEGER NOT NULL, revision INTEGER NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE INDEX deployment_by_project ON deployment (project, started_at_ms DESC, id DESC);
CREATE INDEX deployment_by_service ON deployment (project, service, environment, started_at_ms DESC, id DESC);
CREATE TABLE deployment_label (
  deployment_id TEXT NOT NULL REFERENCES deployment (id), name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (deployment_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE step (
  deployment_id TEXT NOT NULL REFERENCES deployment (id), step_index INTEGER NOT NULL, name TEXT NOT NULL,
  traffic_share REAL, started_at_ms INTEGER NOT NULL, ended_at_ms INTEGER,
  PRIMARY KEY (deployment_id, step_index)
) STRICT, WITHOUT ROWID;
CREATE TABLE watch (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, deployment_id TEXT NOT NULL REFERENCES deployment (id),
  state TEXT NOT NULL, snapshot_hash TEXT, started_at_ms INTEGER NOT NULL, ended_at_ms INTEGER,
  revision INTEGER NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE INDEX watch_by_deployment ON watch (deployment_id, started_at_ms);
CREATE INDEX watch_by_state ON watch (state, started_at_ms);
CREATE INDEX watch_by_snapshot ON watch (snapshot_hash) WHERE snapshot_hash IS NOT NULL;
CREATE TABLE tick (
  watch_number INTEGER NOT NULL REFERENCES watch (number), look INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  evaluated_at_ms INTEGER NOT NULL, value TEXT NOT NULL, rule TEXT NOT NULL, p REAL NOT NULL, peak REAL NOT NULL,
  harm_probability REAL NOT NULL, coverage REAL NOT NULL,
  PRIMARY KEY (watch_number, look)
) STRICT, WITHOUT ROWID;
CREATE TABLE verdict (
  id TEXT PRIMARY KEY, deployment_id TEXT NOT NULL REFERENCES deployment (id), sequence INTEGER NOT NULL,
  value TEXT NOT NULL, evidence_hash TEXT, decided_at_ms INTEGER NOT NULL, document TEXT NOT NULL,
  UNIQUE (deployment_id, sequence)
) STRICT;
CREATE INDEX verdict_by_evidence ON verdict (evidence_hash) WHERE evidence_hash IS NOT NULL;
CREATE TABLE blob (hash TEXT PRIMARY KEY, used_at_ms INTEGER NOT NULL, content BLOB NOT NULL) STRICT;
CREATE INDEX blob_by_use ON blob (used_at_ms);
CREATE TABLE rollback (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, deployment_id TEXT NOT NULL REFERENCES deployment (id),
  state TEXT NOT NULL, automatic INTEGER NOT NULL, requested_at_ms INTEGER NOT NULL, revision INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX rollback_by_deployment ON rollback (deployment_id, number);
CREATE INDEX rollback_by_state ON rollback (state, number);
CREATE INDEX rollback_by_request ON rollback (requested_at_ms) WHERE automatic = 1;
CREATE UNIQUE INDEX rollback_alive ON rollback (deployment_id) WHERE state IN ('requested', 'executing');
CREATE TABLE feedback (
  number INTEGER PRIMARY KEY, deployment_id TEXT NOT NULL REFERENCES deployment (id), at_ms INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX feedback_by_deployment ON feedback (deployment_id, number);
CREATE TABLE control (project TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE token (
  id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, created_at_ms INTEGER NOT NULL, revoked_at_ms INTEGER,
  document TEXT NOT NULL
) STRICT;
CREATE TABLE person (pseudonym TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, key BLOB NOT NULL) STRICT;
CREATE TABLE outbox (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, lane TEXT NOT NULL, state TEXT NOT NULL,
  next_attempt_at_ms INTEGER NOT NULL, created_at_ms INTEGER NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_by_state ON outbox (state, next_attempt_at_ms, number);
CREATE INDEX outbox_waiting_by_lane ON outbox (lane, number) WHERE state = 'waiting';
CREATE TABLE idempotent (
  project TEXT NOT NULL, key TEXT NOT NULL, request_hash TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  at_ms INTEGER NOT NULL, PRIMARY KEY (project, key)
) STRICT;
CREATE INDEX idempotent_by_age ON idempotent (at_ms);

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, project TEXT NOT NULL, actor TEXT NOT NULL,
  authentication TEXT NOT NULL, action TEXT NOT NULL, deployment_id TEXT, detail TEXT NOT NULL,
  previous_hash TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_deployment ON audit (deployment_id, sequence) WHERE deployment_id IS NOT NULL;
CREATE TABLE audit_checkpoint (
  kind TEXT NOT NULL, sequence INTEGER NOT NULL, hash TEXT NOT NULL, at_ms INTEGER NOT NULL, key_id TEXT NOT NULL,
  signature TEXT NOT NULL, PRIMARY KEY (kind, sequence)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_insert BEFORE INSERT ON audit
WHEN NEW.sequence <= (SELECT coalesce(max(sequence), 0) FROM audit)
BEGIN SELECT RAISE(ABORT, 'audit entries are only appended'); END;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries never change'); END;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_checkpoint WHERE kind = 'pruned-to' AND sequence > OLD.sequence)
BEGIN SELECT RAISE(ABORT, 'audit entries are only pruned behind a signed checkpoint'); END;
CREATE TRIGGER audit_checkpoint_update BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'audit checkpoints never change'); END;
CREATE TRIGGER audit_checkpoint_delete BEFORE DELETE ON audit_checkpoint
WHEN NOT EXISTS (SELECT 1 FROM audit_checkpoint WHERE kind = 'pruned-to' AND sequence > OLD.sequence)
BEGIN SELECT RAISE(ABORT, 'audit checkpoints are only pruned behind a newer one'); END;

CREATE TABLE series (
  id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, metric TEXT NOT NULL, labels TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE, type TEXT NOT NULL, unit TEXT
) STRICT;
CREATE INDEX series_by_metric ON series (project, metric);
CREATE TABLE sample_log (sequence INTEGER PRIMARY KEY AUTOINCREMENT, points BLOB NOT NULL) STRICT;
CREATE TABLE sample_chunk (
  series_id INTEGER NOT NULL REFERENCES series (id), from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
  point_count INTEGER NOT NULL, points BLOB NOT NULL, PRIMARY KEY (series_id, from_ms)
) STRICT;
`,
};
