import type { Kysely } from 'kysely';
import { StoreError } from '../../port.js';
import type { Tables } from '../tables.js';

type Db = Kysely<Tables>;

/** How many series each project has: counted once, and then kept up, so that a push of new series counts nothing. */
export class SeriesLimit {
  readonly #counts = new Map<string, number>();

  /**
   * To be called before the series are made, in the same transaction.
   * @param made by project, how many series would come to it
   * @throws StoreError `too-many-series`
   */
  async check(db: Db, made: ReadonlyMap<string, number>, maxSeries: number): Promise<void> {
    for (const [project, more] of made) {
      const has = await this.#count(db, project);
      if (has + more <= maxSeries) continue;
      throw new StoreError(
        'too-many-series',
        `project "${project}" has ${has} of at most ${maxSeries} series, and the push brings ${more} new ones`,
        false,
      );
    }
  }

  /** How many more series a project may have, in the transaction that makes them. */
  async room(db: Db, project: string, maxSeries: number): Promise<number> {
    return Math.max(0, maxSeries - (await this.#count(db, project)));
  }

  /** Once the transaction is through. */
  remember(made: ReadonlyMap<string, number>): void {
    for (const [project, more] of made) this.#counts.set(project, (this.#counts.get(project) ?? 0) + more);
  }

  /** After series were deleted. */
  forgetAll(): void {
    this.#counts.clear();
  }

  async #count(db: Db, project: string): Promise<number> {
    const has = this.#counts.get(project) ?? (await countSeries(db, project));
    // Right even if the transaction fails: none of its own is counted yet.
    this.#counts.set(project, has);
    return has;
  }
}

/** Number of series of a project. */
export async function countSeries(db: Db, project: string): Promise<number> {
  const row = await db
    .selectFrom('series')
    .select((column) => column.fn.countAll<number>().as('count'))
    .where('project', '=', project)
    .executeTakeFirstOrThrow();
  return row.count;
}
