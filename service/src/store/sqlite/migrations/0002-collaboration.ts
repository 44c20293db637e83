import type { Migration } from './migration.js';

/** Checks beside the metrics, and what people say and decide on a deployment. */
export const collaboration: Migration = {
  version: 2,
  name: 'collaboration',
  sql: `
CREATE TABLE deployment_check (
  number INTEGER PRIMARY KEY, deployment_id TEXT NOT NULL REFERENCES deployment (id), name TEXT NOT NULL,
  step_index INTEGER NOT NULL, revision INTEGER NOT NULL, document TEXT NOT NULL,
  UNIQUE (deployment_id, name, step_index)
) STRICT;
CREATE TABLE note (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, deployment_id TEXT NOT NULL REFERENCES deployment (id),
  document TEXT NOT NULL
) STRICT;
CREATE INDEX note_by_deployment ON note (deployment_id, number);
CREATE TABLE incident (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, deployment_id TEXT NOT NULL REFERENCES deployment (id),
  url TEXT NOT NULL, document TEXT NOT NULL, UNIQUE (deployment_id, url)
) STRICT;
CREATE TABLE acknowledgement (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, deployment_id TEXT NOT NULL REFERENCES deployment (id),
  released_at_ms INTEGER, revision INTEGER NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE INDEX acknowledgement_by_deployment ON acknowledgement (deployment_id, number);
CREATE UNIQUE INDEX acknowledgement_taken ON acknowledgement (deployment_id) WHERE released_at_ms IS NULL;
CREATE TABLE hold (
  deployment_id TEXT PRIMARY KEY REFERENCES deployment (id), until_ms INTEGER, document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_by_end ON hold (until_ms) WHERE until_ms IS NOT NULL;
`,
};
