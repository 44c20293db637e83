import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { SampleBatch, SeriesKey, SeriesType } from '../../../domain/sample.js';
import { StoreError } from '../../port.js';
import type { Tables } from '../tables.js';

type Db = Kysely<Tables>;

export interface Series {
  readonly id: number;
  readonly type: SeriesType;
}

export interface Resolved {
  /** One for each batch. */
  readonly series: readonly Series[];
  /** By name, those that were not known before. */
  readonly found: ReadonlyMap<string, Series>;
}

const nothing: ReadonlyMap<string, Series> = new Map();

/** Rows in one INSERT; SQLite takes 32,766 parameters. */
const insertRows = 500;

/** Which series exist, remembered so that a push of known series asks the database nothing. */
export class SeriesIndex {
  readonly #known = new Map<string, Series>();

  /**
   * The series of each batch, in order, made where they are new. Call `remember` with the result once the transaction
   * is through.
   * @throws StoreError `conflict` when a series changes its type
   */
  async resolve(db: Db, batches: readonly SampleBatch[]): Promise<Resolved> {
    const names = batches.map(seriesName);
    const unknown = new Map<string, SampleBatch>();
    for (const [index, batch] of batches.entries()) {
      const name = names[index] ?? '';
      if (!this.#known.has(name) && !unknown.has(name)) unknown.set(name, batch);
    }
    const found = unknown.size === 0 ? nothing : await findOrMake(db, unknown);
    const series = batches.map((batch, index) => {
      const name = names[index] ?? '';
      return ofSameType(batch, this.#known.get(name) ?? found.get(name));
    });
    return { series, found };
  }

  remember(resolved: Resolved): void {
    for (const [name, entry] of resolved.found) this.#known.set(name, entry);
  }

  /** After series were deleted. */
  forgetAll(): void {
    this.#known.clear();
  }
}

/** What makes a series unique, as one text. */
function seriesName(key: SeriesKey): string {
  return JSON.stringify([key.project, key.metric, canonicalLabels(key.labels)]);
}

/** JSON with the names sorted; a label that is empty is one that is absent. */
function canonicalLabels(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).filter((name) => labels[name] !== '');
  return `{${names
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(labels[name])}`)
    .join()}}`;
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

async function findOrMake(
  db: Db,
  wanted: ReadonlyMap<string, SampleBatch>,
): Promise<ReadonlyMap<string, Series>> {
  const found = new Map<string, Series>();
  const all = [...wanted];
  for (let from = 0; from < all.length; from += insertRows) {
    const rows = all
      .slice(from, from + insertRows)
      .map(([name, batch]) => ({ name, ...newRow(name, batch) }));
    await db
      .insertInto('series')
      .values(
        rows.map(({ project, metric, labels, hash, type, unit }) => ({
          project,
          metric,
          labels,
          hash,
          type,
          unit,
        })),
      )
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
    const names = new Map(rows.map((row) => [row.hash, row.name]));
    const stored = await db
      .selectFrom('series')
      .select(['id', 'hash', 'type'])
      .where('hash', 'in', [...names.keys()])
      .execute();
    for (const row of stored)
      found.set(names.get(row.hash) ?? '', { id: row.id, type: row.type as SeriesType });
  }
  return found;
}

function newRow(name: string, batch: SampleBatch) {
  return {
    project: batch.project,
    metric: batch.metric,
    labels: canonicalLabels(batch.labels),
    hash: hashOf(name),
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
