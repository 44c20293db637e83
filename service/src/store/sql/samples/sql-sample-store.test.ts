import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Kysely } from 'kysely';
import { expect, it } from 'vitest';
import type { SampleBatch } from '../../../domain/sample.js';
import { aBatch, baseMs } from '../../contract-fixtures.js';
import { connectWriter, prepareFile } from '../../sqlite/connect.js';
import { sqliteDialect } from '../../sqlite/sqlite-dialect.js';
import type { RunTransaction } from '../run-transaction.js';
import type { Tables } from '../tables.js';
import { maxChunkPoints } from './chunks.js';
import { SqlSampleStore } from './sql-sample-store.js';

const seriesNames = ['a', 'b', 'c'];
const hourMs = 3_600_000;

type Step =
  | { readonly kind: 'append'; readonly batches: readonly Run[] }
  | { readonly kind: 'fold' }
  | { readonly kind: 'restart' };
/** A row of points; negative steps push backwards in time, step 0 the same millisecond again and again. */
interface Run {
  readonly series: string;
  readonly fromHours: number;
  readonly stepMs: number;
  readonly count: number;
  readonly value: number;
}

const run = fc.record({
  series: fc.constantFrom(...seriesNames),
  fromHours: fc.integer({ min: 0, max: 72 }),
  stepMs: fc.constantFrom(60_000, 60_000, 1_000, 0, -60_000, 7_200_000),
  count: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 60 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 1_500 }) },
  ),
  value: fc.oneof(
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      batches: fc.array(run, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'fold' }, { kind: 'restart' }) },
);

function batchOf({ series, fromHours, stepMs, count, value }: Run): SampleBatch {
  const points = Array.from(
    { length: count },
    (_, at) => [baseMs + fromHours * hourMs + at * stepMs, value + at] as const,
  );
  return aBatch(points, { labels: { series } });
}

/** What the store must be like: one map a series. */
class Model {
  readonly #series = new Map<string, Map<number, number>>();

  append(batches: readonly SampleBatch[]): { stored: number; replaced: number } {
    const counts = { stored: 0, replaced: 0 };
    for (const batch of batches) {
      const name = batch.labels['series'] ?? '';
      const points = this.#series.get(name) ?? new Map<number, number>();
      this.#series.set(name, points);
      batch.timesMs.forEach((timeMs, at) => {
        counts[points.has(timeMs) ? 'replaced' : 'stored'] += 1;
        points.set(timeMs, batch.values[at] ?? NaN);
      });
    }
    return counts;
  }

  read(name: string, fromMs: number, toMs: number): readonly (readonly [number, number])[] {
    const points = [...(this.#series.get(name) ?? [])];
    return points.filter(([timeMs]) => timeMs >= fromMs && timeMs < toMs).sort(([a], [b]) => a - b);
  }
}

async function check(samples: SqlSampleStore, model: Model, fromMs: number, toMs: number): Promise<void> {
  for (const series of seriesNames) {
    const found = await samples.read({
      project: 'shop',
      metric: 'latency_seconds',
      labels: { series },
      fromMs,
      toMs,
    });
    const got = found.flatMap(({ timesMs, values }) =>
      Array.from(timesMs, (timeMs, at) => [timeMs, values[at]]),
    );
    expect(got).toEqual(model.read(series, fromMs, toMs));
  }
}

it('returns what a plain map would, whatever the order, and through folds and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: -1, max: 80 * 60 }),
      fc.integer({ min: 0, max: 80 * 60 }),
      async (steps, fromMinutes, minutes) => {
        const directory = mkdtempSync(join(tmpdir(), 'bellwether-samples-'));
        const file = join(directory, 's.db');
        prepareFile(file);
        const connection = connectWriter(file, baseMs);
        // What is lost by a power cut is tested elsewhere; here the waiting would only take time.
        connection.pragma('synchronous = OFF');
        const db = new Kysely<Tables>({ dialect: sqliteDialect(connection) });
        const transaction: RunTransaction = (work) => db.transaction().execute(work);
        const start = async (): Promise<SqlSampleStore> => {
          const made = new SqlSampleStore(db, transaction, 100);
          await made.replay();
          return made;
        };
        try {
          const model = new Model();
          let samples = await start();
          for (const act of steps) {
            if (act.kind === 'restart') samples = await start();
            else if (act.kind === 'fold') await samples.prune(-Infinity);
            else {
              const batches = act.batches.map(batchOf);
              expect(await samples.append(batches)).toEqual(model.append(batches));
            }
          }
          const fromMs = baseMs + fromMinutes * 60_000;
          await check(samples, model, fromMs, fromMs + minutes * 60_000);
          await samples.prune(-Infinity);
          await check(await start(), model, 0, 1e14);
          expect(await db.selectFrom('sample_log').selectAll().execute()).toEqual([]);
          await expectChunksApart(db);
        } finally {
          connection.close();
          rmSync(directory, { recursive: true });
        }
      },
    ),
    { numRuns: 60, seed: 11 },
  );
});

/** Chunks of a series never overlap, never cross midnight, and are never too big. */
async function expectChunksApart(db: Kysely<Tables>): Promise<void> {
  const chunks = await db
    .selectFrom('sample_chunk')
    .selectAll()
    .orderBy('series_id')
    .orderBy('from_ms')
    .execute();
  for (const [index, chunk] of chunks.entries()) {
    expect(chunk.point_count).toBeLessThanOrEqual(maxChunkPoints);
    expect(Math.floor(chunk.from_ms / 86_400_000)).toBe(Math.floor(chunk.to_ms / 86_400_000));
    const next = chunks[index + 1];
    if (next?.series_id === chunk.series_id) expect(chunk.to_ms).toBeLessThan(next.from_ms);
  }
}
