import { pointsOf, type PointsBySeries } from './log-codec.js';
import type { PointMap } from './points.js';

/** Fewest points in the head that are folded into chunks: about 1 MB of log, replayed in some 30 ms. */
export const defaultFoldPoints = 65_536;
/** Points per series worth rewriting the series' last chunk for (a chunk holds up to 1,024). */
const foldPointsPerSeries = 64;

/**
 * The newest points in memory: a mirror of the sample log. Folding takes all of them aside at once and moves them into
 * chunks series by series, while new ones gather in `current`. Newer places win: `current`, then `folding`, then chunks.
 */
export class Head {
  readonly #current: PointsBySeries = new Map();
  #currentPoints = 0;
  #newestSequence = 0;
  #folding: PointsBySeries = new Map();
  #foldSequence = 0;

  /** @param foldPoints fewest points worth a fold */
  constructor(private readonly foldPoints: number) {}

  /** Takes in a log entry that is safely stored. */
  add(points: PointsBySeries, sequence: number): void {
    for (const [seriesId, added] of points) {
      const series = pointsOf(this.#current, seriesId);
      const before = series.size;
      for (const [timeMs, value] of added) series.set(timeMs, value);
      this.#currentPoints += series.size - before;
    }
    this.#newestSequence = Math.max(this.#newestSequence, sequence);
  }

  has(seriesId: number, timeMs: number): boolean {
    return (
      this.#current.get(seriesId)?.has(timeMs) === true || this.#folding.get(seriesId)?.has(timeMs) === true
    );
  }

  hasSeries(seriesId: number): boolean {
    return this.#current.has(seriesId) || this.#folding.has(seriesId);
  }

  /** A copy of a series' points in `[fromMs, toMs)`. */
  points(seriesId: number, fromMs: number, toMs: number): PointMap {
    const result: PointMap = new Map();
    for (const part of [this.#folding, this.#current]) {
      for (const [timeMs, value] of part.get(seriesId) ?? []) {
        if (timeMs >= fromMs && timeMs < toMs) result.set(timeMs, value);
      }
    }
    return result;
  }

  /** True when enough has gathered to be worth folding. */
  get isFull(): boolean {
    const pointsPerSeries = Math.min(foldPointsPerSeries, this.foldPoints);
    return this.#currentPoints >= Math.max(this.foldPoints, pointsPerSeries * this.#current.size);
  }

  get isFolding(): boolean {
    return this.#folding.size > 0;
  }

  /** Sets everything gathered so far aside to be folded. Does nothing while an earlier fold is not finished. */
  beginFold(): void {
    if (this.isFolding) return;
    this.#folding = new Map(this.#current);
    this.#foldSequence = this.#newestSequence;
    this.#current.clear();
    this.#currentPoints = 0;
  }

  /**
   * How many series to fold while `added` points come in, so that a fold ends well before the next one is due.
   */
  foldShare(added: number): number {
    const pace = 2 * Math.ceil((added * this.#folding.size) / this.foldPoints);
    return Math.max(4, pace);
  }

  /** The next series to fold with its points; at most `count`. */
  nextToFold(count: number): readonly (readonly [seriesId: number, points: PointMap])[] {
    const next: [number, PointMap][] = [];
    for (const entry of this.#folding) {
      if (next.length >= count) break;
      next.push(entry);
    }
    return next;
  }

  /** Log entries up to this one are in chunks once the last series has been folded. */
  get foldSequence(): number {
    return this.#foldSequence;
  }

  get foldingSeries(): number {
    return this.#folding.size;
  }

  /** Drops series whose points are safely in chunks. */
  folded(seriesIds: readonly number[]): void {
    for (const id of seriesIds) this.#folding.delete(id);
  }
}
