import type { Kysely } from 'kysely';
import type { SeriesType } from '../../../domain/sample.js';
import type { SampleStore } from '../../port.js';
import { Breather } from '../breather.js';
import type { Tables } from '../tables.js';

type Query = Parameters<SampleStore['list']>[0];
type Listed = Awaited<ReturnType<SampleStore['list']>>[number];

/** Rows in one statement: decoding their labels takes about a millisecond. */
const rowsAtOnce = 500;

/**
 * Series of a project with all these labels that have points in the range.
 * @param isInMemory whether a series has points there that are in no chunk yet
 */
export async function listSeries(
  db: Kysely<Tables>,
  query: Query,
  isInMemory: (seriesId: number) => boolean,
): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  const most = query.limit ?? Infinity;
  const breather = new Breather();
  let after = 0;
  for (;;) {
    const rows = await db
      .selectFrom('series')
      .select(['id', 'metric', 'labels', 'type', 'unit'])
      .where('project', '=', query.project)
      .where('id', '>', after)
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return found.toSorted(byMetric);
    after = last.id;
    const matching = rows.map(listed).filter(({ series }) => hasLabels(series, query.labels));
    const ids = matching.map(({ id }) => id);
    const stored = await withChunks(db, ids, query);
    for (const { id, series } of matching) if (stored.has(id) || isInMemory(id)) found.push(series);
    if (found.length >= most) return found.slice(0, most).toSorted(byMetric);
    await breather.pause();
  }
}

interface Row {
  readonly id: number;
  readonly metric: string;
  readonly labels: string;
  readonly type: string;
  readonly unit: string | null;
}

function listed({ id, metric, labels, type, unit }: Row): { readonly id: number; readonly series: Listed } {
  return {
    id,
    series: {
      metric,
      labels: JSON.parse(labels) as Listed['labels'],
      type: type as SeriesType,
      ...(unit === null ? {} : { unit }),
    },
  };
}

function hasLabels({ labels }: Listed, wanted: Query['labels']): boolean {
  return Object.entries(wanted).every(([name, value]) => (labels[name] ?? '') === value);
}

function byMetric(a: Listed, b: Listed): number {
  return a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0;
}

async function withChunks(
  db: Kysely<Tables>,
  ids: readonly number[],
  { fromMs, toMs }: Query,
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('sample_chunk')
    .select('series_id')
    .distinct()
    .where('series_id', 'in', ids)
    .where('from_ms', '<', toMs)
    .where('to_ms', '>=', fromMs)
    .execute();
  return new Set(rows.map((row) => row.series_id));
}
