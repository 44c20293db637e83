import type { Kysely } from 'kysely';
import type { SampleBatch, SourceSeries } from '../../../domain/sample.js';
import type { SampleStore } from '../../port.js';
import { Breather } from '../breather.js';
import type { RunTransaction } from '../run-transaction.js';
import type { Tables } from '../tables.js';
import { foldIntoChunks, readChunks } from './chunks.js';
import { defaultFoldPoints, Head } from './head.js';
import { listSeries } from './list-series.js';
import { decodeLogEntry, encodeLogEntry, pointsOf, type PointsBySeries } from './log-codec.js';
import { mergePoints, toPoints } from './points.js';
import { removeEmptySeries, removeOldChunks } from './sample-retention.js';
import { countSeries } from './series-limit.js';
import { matchingSeries, SeriesIndex, type Resolved } from './series-index.js';
import { Turns } from './turns.js';

type Db = Kysely<Tables>;
type ReadQuery = Parameters<SampleStore['read']>[0];

/** Series folded in one transaction when nothing comes in: a few milliseconds. */
const idleFoldSeries = 8;

/**
 * Samples in three places: each push is one row of a log (one small sequential write, however many series it touches:
 * a row per point would touch as many pages as there are series), the points of the log are mirrored in memory, and
 * once enough have gathered they are folded into compressed chunks, a few series with every push. A crash at any point
 * replays the log; folding a point twice changes nothing.
 */
export class SqlSampleStore implements SampleStore {
  readonly #head: Head;
  readonly #index = new SeriesIndex();
  readonly #turns = new Turns();
  /** Time of the last point in chunks, of the series seen since the start; -Infinity without chunks. */
  readonly #lastChunkMs = new Map<number, number>();

  constructor(
    private readonly reader: Db,
    private readonly transaction: RunTransaction,
    foldPoints = defaultFoldPoints,
  ) {
    this.#head = new Head(foldPoints);
  }

  /** Reads the log back into memory; to be called once, before anything else. */
  async replay(): Promise<void> {
    let after = 0;
    for (;;) {
      const row = await this.reader
        .selectFrom('sample_log')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return;
      const points: PointsBySeries = new Map();
      decodeLogEntry(row.points, points);
      this.#head.add(points, row.sequence);
      after = row.sequence;
    }
  }

  append(
    batches: readonly SampleBatch[],
    limits?: { readonly maxSeriesPerProject: number },
  ): Promise<{ readonly stored: number; readonly replaced: number }> {
    return this.#append(batches, (trx) => this.#index.resolve(trx, batches, limits?.maxSeriesPerProject));
  }

  async appendWhatFits(
    batches: readonly SampleBatch[],
    { maxSeriesPerProject }: { readonly maxSeriesPerProject: number },
  ): ReturnType<SampleStore['appendWhatFits']> {
    let leftOut: readonly SampleBatch[] = [];
    const done = await this.#append(batches, async (trx) => {
      const resolved = await this.#index.resolveWhatFits(trx, batches, maxSeriesPerProject);
      leftOut = batches.filter((_batch, index) => resolved.series[index] === undefined);
      return resolved;
    });
    return { ...done, leftOut };
  }

  #append(
    batches: readonly SampleBatch[],
    resolve: (trx: Db) => Promise<Resolved>,
  ): Promise<{ readonly stored: number; readonly replaced: number }> {
    return this.#turns.take(async () => {
      if (batches.every((batch) => batch.timesMs.length === 0)) return { stored: 0, replaced: 0 };
      const done = await this.transaction(async (trx) => {
        const resolved = await resolve(trx);
        const points = bySeries(batches, resolved.series);
        const given = countGiven(batches, resolved.series);
        const fresh = await this.#countFresh(trx, points);
        const sequence = await appendLog(trx, points);
        const folded = await this.#foldSome(trx, this.#head.foldShare(given));
        return { resolved, points, given, fresh, sequence, folded };
      });
      // Only now: what a failed transaction had made must not be remembered.
      this.#index.remember(done.resolved);
      this.#head.folded(done.folded);
      this.#head.add(done.points, done.sequence);
      if (this.#head.isFull) this.#head.beginFold();
      return { stored: done.fresh, replaced: done.given - done.fresh };
    });
  }

  async read(query: ReadQuery): Promise<readonly SourceSeries[]> {
    const found: SourceSeries[] = [];
    const breather = new Breather();
    for (const series of await matchingSeries(this.reader, query)) {
      // Memory first: a point that is folded in between is then seen twice, and not missed.
      const newest = toPoints(this.#head.points(series.id, query.fromMs, query.toMs));
      const older = await readChunks(this.reader, series.id, query.fromMs, query.toMs);
      const points = mergePoints(older, newest);
      if (points.timesMs.length > 0) found.push({ labels: series.labels, type: series.type, ...points });
      if (found.length === query.limit) break;
      await breather.pause();
    }
    return found;
  }

  list(query: Parameters<SampleStore['list']>[0]): ReturnType<SampleStore['list']> {
    const { fromMs, toMs } = query;
    return listSeries(this.reader, query, (id) => this.#head.points(id, fromMs, toMs).size > 0);
  }

  async seriesCount(project: string): Promise<number> {
    return await countSeries(this.reader, project);
  }

  /** Folds what lies in memory, then removes chunks and series that are wholly older than the instant. */
  async prune(beforeMs: number): Promise<Readonly<Record<string, number>>> {
    await this.#foldAll();
    const chunks = await removeOldChunks(this.reader, this.transaction, beforeMs);
    const series = await this.#turns.take(async () => {
      try {
        return await removeEmptySeries(this.reader, this.transaction, (id) => this.#head.hasSeries(id));
      } finally {
        // Also when it failed half-way: what was removed before must not be remembered.
        this.#index.forgetAll();
        this.#lastChunkMs.clear();
      }
    });
    return { sample_chunk: chunks, series };
  }

  async #foldAll(): Promise<void> {
    const breather = new Breather();
    // Twice: what an unfinished fold had set aside, then what has gathered since.
    for (let round = 0; round < 2; round += 1) {
      await this.#turns.take(() => {
        this.#head.beginFold();
        return Promise.resolve();
      });
      while (this.#head.isFolding) {
        await this.#turns.take(async () => {
          this.#head.folded(await this.transaction((trx) => this.#foldSome(trx, idleFoldSeries)));
        });
        await breather.pause();
      }
    }
  }

  /** @returns ids of the series that are in chunks once the transaction is through */
  async #foldSome(trx: Db, count: number): Promise<readonly number[]> {
    const next = this.#head.nextToFold(count);
    for (const [seriesId, points] of next) {
      await foldIntoChunks(trx, seriesId, points);
      this.#lastChunkMs.delete(seriesId);
    }
    if (next.length > 0 && next.length === this.#head.foldingSeries) {
      await trx.deleteFrom('sample_log').where('sequence', '<=', this.#head.foldSequence).execute();
    }
    return next.map(([seriesId]) => seriesId);
  }

  /** How many of these points are at times that had none. */
  async #countFresh(trx: Db, points: PointsBySeries): Promise<number> {
    let fresh = 0;
    for (const [seriesId, series] of points) {
      const unseen = [...series.keys()].filter((timeMs) => !this.#head.has(seriesId, timeMs));
      fresh += unseen.length;
      const last = await this.#lastChunk(trx, seriesId);
      const late = unseen.filter((timeMs) => timeMs <= last);
      if (late.length > 0) fresh -= await countStored(trx, seriesId, late);
    }
    return fresh;
  }

  async #lastChunk(trx: Db, seriesId: number): Promise<number> {
    const known = this.#lastChunkMs.get(seriesId);
    if (known !== undefined) return known;
    const row = await trx
      .selectFrom('sample_chunk')
      .select('to_ms')
      .where('series_id', '=', seriesId)
      .orderBy('from_ms', 'desc')
      .limit(1)
      .executeTakeFirst();
    const last = row?.to_ms ?? -Infinity;
    this.#lastChunkMs.set(seriesId, last);
    return last;
  }
}

function bySeries(batches: readonly SampleBatch[], series: Resolved['series']): PointsBySeries {
  const points: PointsBySeries = new Map();
  for (const [at, one] of series.entries()) {
    if (one === undefined) continue;
    const { timesMs, values } = batches[at] ?? { timesMs: [], values: [] };
    const into = pointsOf(points, one.id);
    for (const [index, timeMs] of timesMs.entries()) into.set(timeMs, values[index] ?? 0);
  }
  return points;
}

function countGiven(batches: readonly SampleBatch[], series: Resolved['series']): number {
  return batches.reduce((sum, { timesMs }, at) => sum + (series[at] === undefined ? 0 : timesMs.length), 0);
}

async function appendLog(trx: Db, points: PointsBySeries): Promise<number> {
  const row = await trx
    .insertInto('sample_log')
    .values({ points: encodeLogEntry(points) })
    .returning('sequence')
    .executeTakeFirstOrThrow();
  return row.sequence;
}

async function countStored(trx: Db, seriesId: number, timesMs: readonly number[]): Promise<number> {
  const first = timesMs.reduce((least, timeMs) => Math.min(least, timeMs), Infinity);
  const last = timesMs.reduce((most, timeMs) => Math.max(most, timeMs), -Infinity);
  const stored = new Set((await readChunks(trx, seriesId, first, last + 1)).timesMs);
  return timesMs.filter((timeMs) => stored.has(timeMs)).length;
}
