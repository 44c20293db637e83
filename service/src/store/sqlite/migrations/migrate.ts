import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { StoreError } from '../../port.js';
import { initial } from './0001-initial.js';
import { collaboration } from './0002-collaboration.js';
import { tuning } from './0003-tuning.js';
import type { Migration } from './migration.js';

/** All migrations of this release, in order. */
export const migrations: readonly Migration[] = [initial, collaboration, tuning];

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

function applied(db: Database.Database): readonly Applied[] {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'").get();
  return known === undefined
    ? []
    : db.prepare<[], Applied>('SELECT version, name, checksum FROM migration ORDER BY version').all();
}

/** Fingerprint of a migration, kept with the database. */
export function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

/**
 * Compares what a database has with what this release knows; writes nothing.
 * @returns the migrations still to apply
 * @throws StoreError `newer-version` when a later release wrote it, `corrupt` when its history differs from this one
 */
export function pendingMigrations(
  db: Database.Database,
  file: string,
  known: readonly Migration[] = migrations,
): readonly Migration[] {
  const done = applied(db);
  const newest = done.at(-1)?.version ?? 0;
  if (newest > known.length) {
    throw new StoreError(
      'newer-version',
      `${file} has schema version ${newest}, this release of Bellwether knows versions up to ${known.length}: ` +
        'start the newer release, or restore a backup made before the upgrade',
      false,
    );
  }
  for (const [index, row] of done.entries()) {
    const expected = known[index];
    if (expected?.version !== row.version || checksum(expected) !== row.checksum) {
      throw new StoreError(
        'corrupt',
        `${file}: migration ${row.version} (${row.name}) is not the one that this release contains: ` +
          'use the official release that created the file, or restore a backup',
        false,
      );
    }
  }
  return known.slice(newest);
}

/** Brings a database to this release's schema, all pending migrations in one transaction. */
export function migrate(
  db: Database.Database,
  file: string,
  nowMs: number,
  known: readonly Migration[] = migrations,
): void {
  const pending = pendingMigrations(db, file, known);
  if (pending.length === 0) return;
  db.transaction(() => {
    db.exec(
      'CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, ' +
        'checksum TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT',
    );
    const record = db.prepare('INSERT INTO migration VALUES (?, ?, ?, ?)');
    for (const migration of pending) {
      db.exec(migration.sql);
      record.run(migration.version, migration.name, checksum(migration), nowMs);
    }
  }).immediate();
}
