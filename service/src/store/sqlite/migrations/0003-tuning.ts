import type { Migration } from './migration.js';

/** What feedback changes, and how often quiet moments are rolled back. */
export const tuning: Migration = {
  version: 3,
  name: 'tuning',
  sql: `
CREATE TABLE tuning_reset (
  number INTEGER PRIMARY KEY, project TEXT NOT NULL, service TEXT NOT NULL, environment TEXT NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE INDEX tuning_reset_by_service ON tuning_reset (project, service, environment, number);
CREATE TABLE fresh_check (
  number INTEGER PRIMARY KEY, project TEXT NOT NULL, service TEXT NOT NULL, environment TEXT NOT NULL,
  moment_ms INTEGER NOT NULL, document TEXT NOT NULL, UNIQUE (project, service, environment, moment_ms)
) STRICT;
`,
};
