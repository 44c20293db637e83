import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { aMessage, baseMs } from '../contract-fixtures.js';
import { sqliteDialect } from '../sqlite/sqlite-dialect.js';
import { temporaryStores } from '../sqlite/temporary-directory.test-support.js';
import { sqlStatistics } from './statistics.js';
import type { Tables } from './tables.js';

const stores = temporaryStores();

it('looks no message up but the oldest that waits, however many wait', async () => {
  const store = await stores.open();
  await store.transaction(async (tx) => {
    for (const [i, id] of ['first', 'second', 'third'].entries())
      await tx.enqueue(aMessage(id, baseMs + i * 1_000));
    await tx.updateOutbox({
      ...aMessage('first', baseMs),
      state: 'dead',
      attempts: 1,
      nextAttemptAtMs: baseMs,
    });
  });
  const db = new Database(stores.path('b.db'), { readonly: true });
  const asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
  const statistics = await sqlStatistics(
    new Kysely<Tables>({ dialect: sqliteDialect(db), log: ({ query }) => void asked.push(query) }),
  );
  expect(statistics).toMatchObject({
    outboxWaiting: 2,
    outboxDead: 1,
    oldestWaitingAtMs: baseMs + 1_000,
  });
  const plans = asked
    .filter(({ sql }) => sql.includes('"outbox"'))
    .flatMap(
      ({ sql, parameters }) =>
        db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { readonly detail: string }[],
    );
  db.close();
  expect(plans.length).toBeGreaterThan(0);
  for (const { detail } of plans) expect(detail).toMatch(/COVERING INDEX|INTEGER PRIMARY KEY/);
});
