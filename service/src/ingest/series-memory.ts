import type { BookedSeries } from './booked-series.js';

/** Something that is remembered of each series for as long as it is booked. It is lost when the service restarts. */
export class SeriesMemory<State> {
  readonly #states = new WeakMap<BookedSeries, State>();

  get(series: BookedSeries): State | undefined {
    return this.#states.get(series);
  }

  set(series: BookedSeries, state: State): void {
    this.#states.set(series, state);
  }
}

/**
 * What one push changes in a memory: it counts for later points of the push at once, and for others once the push is stored. One that
 * is sent again because it was not must find things as they were.
 */
export class SeriesDraft<State> {
  readonly #changed = new Map<BookedSeries, State>();

  constructor(private readonly memory: SeriesMemory<State>) {}

  get(series: BookedSeries): State | undefined {
    return this.#changed.get(series) ?? this.memory.get(series);
  }

  set(series: BookedSeries, state: State): void {
    this.#changed.set(series, state);
  }

  commit(): void {
    for (const [series, state] of this.#changed) this.memory.set(series, state);
  }
}
