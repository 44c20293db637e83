import type { Kysely } from 'kysely';
import type { Tick, Watch } from '../../domain/watch.js';
import { expectOne, expectRevision, orConflict } from './conflict.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

export async function watch(db: Db, id: string): Promise<Watch | undefined> {
  const row = await db.selectFrom('watch').select('document').where('id', '=', id).executeTakeFirst();
  return row && (fromDocument(row) as Watch);
}

export async function watches(
  db: Db,
  filter: { readonly deploymentId?: string; readonly state?: Watch['state'] },
): Promise<readonly Watch[]> {
  let selection = db.selectFrom('watch').select('document');
  if (filter.deploymentId !== undefined)
    selection = selection.where('deployment_id', '=', filter.deploymentId);
  if (filter.state !== undefined) selection = selection.where('state', '=', filter.state);
  const rows = await selection.orderBy('started_at_ms').orderBy('number').execute();
  return rows.map((row) => fromDocument(row) as Watch);
}

export async function insertWatch(db: Db, next: Watch): Promise<void> {
  await orConflict(`watch ${next.id} exists already, or deployment ${next.deploymentId} does not`, () =>
    db
      .insertInto('watch')
      .values({ id: next.id, ...columns(next) })
      .execute(),
  );
}

export async function updateWatch(db: Db, next: Watch): Promise<void> {
  const result = await db
    .updateTable('watch')
    .set(columns(next))
    .where('id', '=', next.id)
    .where('revision', '=', next.revision - 1)
    .executeTakeFirst();
  expectRevision(result.numUpdatedRows, `watch ${next.id}`, next.revision);
}

function columns(next: Watch) {
  return {
    deployment_id: next.deploymentId,
    state: next.state,
    snapshot_hash: next.snapshotHash ?? null,
    started_at_ms: next.startedAtMs,
    ended_at_ms: next.endedAtMs ?? null,
    revision: next.revision,
    document: JSON.stringify(next),
  };
}

export async function ticks(db: Db, watchId: string): Promise<readonly Tick[]> {
  const rows = await db
    .selectFrom('tick')
    .innerJoin('watch', 'watch.number', 'tick.watch_number')
    .selectAll('tick')
    .where('watch.id', '=', watchId)
    .orderBy('look')
    .execute();
  return rows.map((row) => ({
    watchId,
    look: row.look,
    atMs: row.at_ms,
    evaluatedAtMs: row.evaluated_at_ms,
    value: row.value,
    rule: row.rule,
    p: row.p,
    peak: row.peak,
    harmProbability: row.harm_probability,
    coverage: row.coverage,
  }));
}

/** A tick refers to its watch by number, not by id: that makes its row less than half as wide. */
export async function insertTick(db: Db, tick: Tick): Promise<void> {
  const owner = await db
    .selectFrom('watch')
    .select('number')
    .where('id', '=', tick.watchId)
    .executeTakeFirst();
  expectOne(owner === undefined ? 0n : 1n, `watch ${tick.watchId} does not exist`);
  await orConflict(`watch ${tick.watchId} has had look ${tick.look} already`, () =>
    db
      .insertInto('tick')
      .values({
        watch_number: owner?.number ?? 0,
        look: tick.look,
        at_ms: tick.atMs,
        evaluated_at_ms: tick.evaluatedAtMs,
        value: tick.value,
        rule: tick.rule,
        p: tick.p,
        peak: tick.peak,
        harm_probability: tick.harmProbability,
        coverage: tick.coverage,
      })
      .execute(),
  );
}
