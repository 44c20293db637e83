import type { SampleBatch, SourceSeries } from '../../domain/sample.js';
import type { SampleStore } from '../port.js';
import { Turns } from '../sql/samples/turns.js';
import { databaseError } from './database-error.js';
import type { SampleDatabase } from './sample-database.js';
import { otherType, seriesName, SeriesRegister } from './series-register.js';

type ReadQuery = Parameters<SampleStore['read']>[0];
/** Points of one series, in the order of their coming: of one millisecond the last counts. */
interface Pushed {
  readonly batch: SampleBatch;
  readonly points: Map<number, number>;
}

/** A series whose points may be there already, up to an instant. */
interface Asked {
  readonly name: string;
  readonly pushed: Pushed;
  readonly toMs: number;
}

/** Later than any point. */
const END_OF_TIME_MS = 9_223_372_036_854;

/**
 * Pushed samples in a database of the user's own. It is asked only what it alone knows: which series there are, once for each project,
 * and which points are there already, where a push is not simply later than what came before it.
 */
export class InfluxSampleStore implements SampleStore {
  readonly #turns = new Turns();
  readonly #register: SeriesRegister;
  #isPrepared = false;

  constructor(private readonly database: SampleDatabase) {
    this.#register = new SeriesRegister(database);
  }

  append(
    batches: readonly SampleBatch[],
    limits?: { readonly maxSeriesPerProject: number },
  ): Promise<{ readonly stored: number; readonly replaced: number }> {
    return this.#turns.take(() => this.#withDatabase(() => this.#append(batches, limits)));
  }

  async #append(
    batches: readonly SampleBatch[],
    limits?: { readonly maxSeriesPerProject: number },
  ): Promise<{ readonly stored: number; readonly replaced: number }> {
    const given = batches.reduce((sum, batch) => sum + batch.timesMs.length, 0);
    if (given === 0) return { stored: 0, replaced: 0 };
    const pushed = bySeries(batches);
    const firsts = new Map([...pushed].map(([name, { batch }]) => [name, batch]));
    await this.#register.check(firsts, limits?.maxSeriesPerProject ?? Infinity);
    const { fresh, lastMs } = await this.#lookUp(pushed);
    const written = await this.#write(pushed);
    for (const [name, { type, unit, project, timesMs }] of written)
      await this.#register.remember(project, name, {
        type,
        unit,
        lastMs: Math.max(lastMs.get(name) ?? -Infinity, latest(timesMs)),
      });
    return { stored: fresh, replaced: given - fresh };
  }

  appendWhatFits(
    batches: readonly SampleBatch[],
    limits: { readonly maxSeriesPerProject: number },
  ): ReturnType<SampleStore['appendWhatFits']> {
    return this.#turns.take(() =>
      this.#withDatabase(async () => {
        const { fitting, leftOut } = await this.#register.whatFits(batches, limits.maxSeriesPerProject);
        return { ...(await this.#append(fitting, limits)), leftOut };
      }),
    );
  }

  read(query: ReadQuery): Promise<readonly SourceSeries[]> {
    return this.#withDatabase(() => this.database.read(query));
  }

  list({ labels, ...query }: Parameters<SampleStore['list']>[0]): ReturnType<SampleStore['list']> {
    return this.#withDatabase(() => this.database.list({ ...query, matchers: labels }));
  }

  seriesCount(project: string): Promise<number> {
    return this.#withDatabase(async () => (await this.#register.ofProject(project)).size);
  }

  /** Removes points before the instant, and the series that are empty then. The database does not say how many. */
  async prune(beforeMs: number): Promise<void> {
    await this.#turns.take(() =>
      this.#withDatabase(async () => {
        try {
          await this.database.remove(beforeMs);
        } finally {
          this.#register.forget();
        }
      }),
    );
  }

  async #withDatabase<T>(work: () => Promise<T>): Promise<T> {
    try {
      if (!this.#isPrepared) await this.database.prepare();
      this.#isPrepared = true;
      return await work();
    } catch (error) {
      throw databaseError(error);
    }
  }

  async #write(pushed: ReadonlyMap<string, Pushed>): Promise<ReadonlyMap<string, SampleBatch>> {
    const written = new Map<string, SampleBatch>();
    for (const [name, one] of pushed) {
      const known = (await this.#register.ofProject(one.batch.project)).get(name);
      written.set(name, batchOf(one, known === undefined ? one.batch.unit : known.unit));
    }
    try {
      await this.database.write([...written.values()]);
      return written;
    } catch (error) {
      // It may have been written all the same.
      this.#register.forget();
      throw error;
    }
  }

  /** How many of the points are at times that had none, and the latest time of the series that were asked for. */
  async #lookUp(pushed: ReadonlyMap<string, Pushed>) {
    const { lastMs, asked } = await this.#recall(pushed);
    let fresh = [...pushed.values()].reduce((sum, { points }) => sum + points.size, 0);
    for (const series of asked.values()) {
      const times = await this.#timesOf(series);
      for (const { name, pushed: one } of series) {
        const there = new Set(times.get(name));
        fresh -= [...one.points.keys()].filter((timeMs) => there.has(timeMs)).length;
        lastMs.set(name, Math.max(lastMs.get(name) ?? -Infinity, latest(there)));
      }
    }
    return { fresh, lastMs };
  }

  /** What is remembered, and by metric the series that the database must be asked about. */
  async #recall(pushed: ReadonlyMap<string, Pushed>) {
    const lastMs = new Map<string, number>();
    const asked = new Map<string, Asked[]>();
    for (const [name, one] of pushed) {
      const known = (await this.#register.ofProject(one.batch.project)).get(name);
      if (known === undefined) continue;
      if (known.lastMs !== undefined) lastMs.set(name, known.lastMs);
      if (known.lastMs !== undefined && earliest(one.points.keys()) > known.lastMs) continue;
      const toMs = known.lastMs === undefined ? END_OF_TIME_MS : known.lastMs + 1;
      const metric = JSON.stringify([one.batch.project, one.batch.metric]);
      asked.set(metric, [...(asked.get(metric) ?? []), { name, pushed: one, toMs }]);
    }
    return { lastMs, asked };
  }

  /** Times of all points of these series of one metric, in one question. */
  async #timesOf(asked: readonly Asked[]): Promise<ReadonlyMap<string, Float64Array>> {
    const [first] = asked;
    if (first === undefined) return new Map();
    const { project, metric, labels } = first.pushed.batch;
    const found = await this.database.read({
      project,
      metric,
      labels: asked.length === 1 ? labels : {},
      fromMs: asked.reduce((least, { pushed }) => Math.min(least, earliest(pushed.points.keys())), Infinity),
      toMs: asked.reduce((most, { toMs }) => Math.max(most, toMs), -Infinity),
    });
    return new Map(
      found.map((series) => [seriesName({ project, metric, labels: series.labels }), series.timesMs]),
    );
  }
}

/** @throws StoreError `conflict` when the push itself gives a series two types */
function bySeries(batches: readonly SampleBatch[]): ReadonlyMap<string, Pushed> {
  const pushed = new Map<string, Pushed>();
  for (const batch of batches) {
    if (batch.timesMs.length === 0) continue;
    const name = seriesName(batch);
    const one = pushed.get(name) ?? { batch, points: new Map<number, number>() };
    if (one.batch.type !== batch.type) throw otherType(batch, one.batch.type);
    pushed.set(name, one);
    for (const [index, timeMs] of batch.timesMs.entries()) one.points.set(timeMs, batch.values[index] ?? 0);
  }
  return pushed;
}

/** The unit is part of what a series is to the database, and must not change. */
function batchOf({ batch, points }: Pushed, unit: string | undefined): SampleBatch {
  const { project, metric, labels, type } = batch;
  return {
    project,
    metric,
    labels,
    type,
    ...(unit === undefined ? {} : { unit }),
    timesMs: [...points.keys()],
    values: [...points.values()],
  };
}

const earliest = (timesMs: Iterable<number>): number =>
  [...timesMs].reduce((least, ms) => Math.min(least, ms), Infinity);
const latest = (timesMs: Iterable<number>): number =>
  [...timesMs].reduce((most, ms) => Math.max(most, ms), -Infinity);
