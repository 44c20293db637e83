import type { SampleBatch, SeriesKey, SeriesType } from '../../domain/sample.js';
import { StoreError } from '../port.js';
import type { SampleDatabase } from './sample-database.js';

/** What is remembered of a series. */
export interface RegisteredSeries {
  readonly type: SeriesType;
  /** As it was first pushed. */
  readonly unit: string | undefined;
  /** No point lies later; undefined until it was looked up. */
  readonly lastMs: number | undefined;
}

/** The series of every project that was pushed to since the start, with their types. */
export class SeriesRegister {
  readonly #projects = new Map<string, Map<string, RegisteredSeries>>();

  constructor(private readonly database: SampleDatabase) {}

  async ofProject(project: string): Promise<ReadonlyMap<string, RegisteredSeries>> {
    return await this.#load(project);
  }

  /** @throws StoreError `conflict` for another type than before, `too-many-series` beyond the limit */
  async check(batches: ReadonlyMap<string, SampleBatch>, maxSeriesPerProject: number): Promise<void> {
    const made = new Map<string, number>();
    for (const [name, batch] of batches) {
      const known = (await this.#load(batch.project)).get(name);
      if (known === undefined) made.set(batch.project, (made.get(batch.project) ?? 0) + 1);
      else if (known.type !== batch.type) throw otherType(batch, known.type);
    }
    for (const [project, more] of made) {
      const has = (await this.#load(project)).size;
      if (has + more > maxSeriesPerProject)
        throw new StoreError(
          'too-many-series',
          `project "${project}" has ${has} of at most ${maxSeriesPerProject} series, and the push brings ${more} new ones`,
          false,
        );
    }
  }

  /** Batches of known series, with the type that is known, and of new ones as long as there is room; the others. */
  async whatFits(
    batches: readonly SampleBatch[],
    maxSeriesPerProject: number,
  ): Promise<{ readonly fitting: readonly SampleBatch[]; readonly leftOut: readonly SampleBatch[] }> {
    const fitting: SampleBatch[] = [];
    const leftOut: SampleBatch[] = [];
    const made = new Map<string, SeriesType>();
    const room = new Map<string, number>();
    for (const batch of batches) {
      const name = seriesName(batch);
      const { project } = batch;
      const known = await this.#load(project);
      const type = known.get(name)?.type ?? made.get(name);
      const left = room.get(project) ?? maxSeriesPerProject - known.size;
      if (type !== undefined) fitting.push({ ...batch, type });
      else if (left > 0) {
        room.set(project, left - 1);
        made.set(name, batch.type);
        fitting.push(batch);
      } else leftOut.push(batch);
    }
    return { fitting, leftOut };
  }

  async remember(project: string, name: string, series: RegisteredSeries): Promise<void> {
    (await this.#load(project)).set(name, series);
  }

  /** After series were deleted, or when it is not known what became of a write. */
  forget(): void {
    this.#projects.clear();
  }

  async #load(project: string): Promise<Map<string, RegisteredSeries>> {
    const loaded = this.#projects.get(project);
    if (loaded !== undefined) return loaded;
    const series = new Map<string, RegisteredSeries>();
    for (const one of await this.database.series(project))
      series.set(seriesName(one), { type: one.type, unit: one.unit, lastMs: undefined });
    this.#projects.set(project, series);
    return series;
  }
}

/** What makes a series unique, as one text; an empty label is an absent one. */
export function seriesName({ project, metric, labels }: SeriesKey): string {
  const given = Object.entries(labels).filter(([, value]) => value !== '');
  return JSON.stringify([project, metric, given.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

export function otherType({ metric, labels, type }: SampleBatch, known: SeriesType): StoreError {
  return new StoreError(
    'conflict',
    `type: ${metric}${JSON.stringify(labels)} is a ${known} and cannot become a ${type}: push it as ${known}, or under another metric name`,
    false,
  );
}
