import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { SampleBatch, SeriesKey, SeriesType } from '../../../domain/sample.js';
import { StoreError } from '../../port.js';
import type { Tables } from '../tables.js';
import { SeriesNames, canonicalLabels } from './series-names.js';
import { SeriesLimit } from './series-limit.js';

type Db = Kysely<Tables>;

export interface Series {
  readonly id: number;
  readonly type: SeriesType;
}

export interface Resolved {
  /** One for each batch; undefined for those that were left out. */
  readonly series: readonly (Series | undefined)[];
  /** By name, those that were not known before. */
  readonly found: ReadonlyMap<string, Series>;
  /** By project, how many of them the database did not have either. */
  readonly made: ReadonlyMap<string, number>;
}

/** A series that the database does not have. */
interface Missing {
  readonly hash: string;
  readonly batch: SampleBatch;
}

/** Which of the missing series are made. */
type Admit = (db: Db, missing: readonly Missing[]) => Promise<readonly Missing[]>;

const nothing: Pick<Resolved, 'found' | 'made'> = { found: new Map(), made: new Map() };

/** Rows in one statement; SQLite takes 32,766 parameters. */
const rowsAtOnce = 500;

/** Which series exist, remembered so that a push of known series asks the database nothing. */
export class SeriesIndex {
  readonly #known = new Map<string, Series>();
  readonly #limit = new SeriesLimit();
  readonly #names = new SeriesNames();

  /**
   * The series of each batch, in order, made where they are new. Call `remember` with the result once the transaction
   * is through.
   * @param maxSeries most series that a project may have; new ones beyond it are refused
   * @throws StoreError `conflict` when a series changes its type, `too-many-series`
   */
  async resolve(db: Db, batches: readonly SampleBatch[], maxSeries = Infinity): Promise<Resolved> {
    const admit: Admit = (trx, missing) => this.#refuseTooMany(trx, missing, maxSeries);
    return this.#resolve(db, batches, admit, ofSameType);
  }

  /** The same, but new series beyond the limit have none here, and known ones keep their type. */
  async resolveWhatFits(db: Db, batches: readonly SampleBatch[], maxSeries: number): Promise<Resolved> {
    const admit: Admit = (trx, missing) => this.#fitting(trx, missing, maxSeries);
    return this.#resolve(db, batches, admit, (_batch, series) => series);
  }

  async #resolve(
    db: Db,
    batches: readonly SampleBatch[],
    admit: Admit,
    check: (batch: SampleBatch, series: Series | undefined) => Series | undefined,
  ): Promise<Resolved> {
    const names = batches.map((batch) => this.#names.of(batch));
    const unknown = new Map<string, SampleBatch>();
    for (const [index, batch] of batches.entries()) {
      const name = names[index] ?? '';
      if (!this.#known.has(name) && !unknown.has(name)) unknown.set(name, batch);
    }
    const { found, made } = unknown.size === 0 ? nothing : await this.#findOrMake(db, unknown, admit);
    const series = batches.map((batch, index) => {
      const name = names[index] ?? '';
      return check(batch, this.#known.get(name) ?? found.get(name));
    });
    return { series, found, made };
  }

  remember(resolved: Resolved): void {
    for (const [name, entry] of resolved.found) this.#known.set(name, entry);
    this.#limit.remember(resolved.made);
  }

  /** After series were deleted. */
  forgetAll(): void {
    this.#known.clear();
    this.#limit.forgetAll();
  }

  async #findOrMake(
    db: Db,
    wanted: ReadonlyMap<string, SampleBatch>,
    admit: Admit,
  ): Promise<Pick<Resolved, 'found' | 'made'>> {
    const byHash = new Map([...wanted].map(([name, batch]) => [hashOf(name), { name, batch }]));
    const found = new Map<string, Series>();
    const keep = (row: StoredRow): void =>
      void found.set(byHash.get(row.hash)?.name ?? '', { id: row.id, type: row.type as SeriesType });
    for (const row of await storedSeries(db, [...byHash.keys()])) keep(row);
    const missing = [...byHash]
      .filter(([, { name }]) => !found.has(name))
      .map(([hash, { batch }]) => ({ hash, batch }));
    const admitted = await admit(db, missing);
    for (const row of await insertSeries(
      db,
      admitted.map(({ hash, batch }) => newRow(hash, batch)),
    ))
      keep(row);
    return { found, made: countByProject(admitted) };
  }

  async #refuseTooMany(db: Db, missing: readonly Missing[], maxSeries: number): Promise<readonly Missing[]> {
    await this.#limit.check(db, countByProject(missing), maxSeries);
    return missing;
  }

  async #fitting(db: Db, missing: readonly Missing[], maxSeries: number): Promise<readonly Missing[]> {
    const room = new Map<string, number>();
    for (const project of countByProject(missing).keys())
      room.set(project, await this.#limit.room(db, project, maxSeries));
    return missing.filter(({ batch: { project } }) => {
      const left = room.get(project) ?? 0;
      room.set(project, left - 1);
      return left > 0;
    });
  }
}

function countByProject(series: readonly Missing[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { batch } of series) counts.set(batch.project, (counts.get(batch.project) ?? 0) + 1);
  return counts;
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

interface StoredRow {
  readonly id: number;
  readonly hash: string;
  readonly type: string;
}

async function storedSeries(db: Db, hashes: readonly string[]): Promise<readonly StoredRow[]> {
  const rows: StoredRow[] = [];
  for (let from = 0; from < hashes.length; from += rowsAtOnce)
    rows.push(
      ...(await db
        .selectFrom('series')
        .select(['id', 'hash', 'type'])
        .where('hash', 'in', hashes.slice(from, from + rowsAtOnce))
        .execute()),
    );
  return rows;
}

async function insertSeries(
  db: Db,
  series: readonly ReturnType<typeof newRow>[],
): Promise<readonly StoredRow[]> {
  const rows: StoredRow[] = [];
  for (let from = 0; from < series.length; from += rowsAtOnce)
    rows.push(
      ...(await db
        .insertInto('series')
        .values(series.slice(from, from + rowsAtOnce))
        .returning(['id', 'hash', 'type'])
        .execute()),
    );
  return rows;
}

function newRow(hash: string, batch: SampleBatch) {
  return {
    project: batch.project,
    metric: batch.metric,
    labels: canonicalLabels(batch.labels),
    hash,
    type: batch.type,
    unit: batch.unit ?? null,
  };
}

function ofSameType(batch: SampleBatch, series: Series | undefined): Series {
  if (series === undefined) throw new Error(`series ${batch.metric} was neither found nor made`);
  if (series.type === batch.type) return series;
  throw new StoreError(
    'conflict',
    `type: ${batch.metric}${canonicalLabels(batch.labels)} is a ${series.type} and cannot become a ${batch.type}: ` +
      `push it as ${series.type}, or under another metric name`,
    false,
  );
}

export interface FoundSeries extends Series {
  readonly labels: Readonly<Record<string, string>>;
}

/** Series of a metric with all these labels, by id. */
export async function matchingSeries(
  db: Db,
  query: Pick<SeriesKey, 'project' | 'metric' | 'labels'>,
): Promise<readonly FoundSeries[]> {
  const rows = await db
    .selectFrom('series')
    .select(['id', 'type', 'labels'])
    .where('project', '=', query.project)
    .where('metric', '=', query.metric)
    .orderBy('id')
    .execute();
  const wanted = Object.entries(query.labels);
  return rows
    .map((row) => ({
      id: row.id,
      type: row.type as SeriesType,
      labels: JSON.parse(row.labels) as Readonly<Record<string, string>>,
    }))
    .filter(({ labels }) => wanted.every(([name, value]) => (labels[name] ?? '') === value));
}
