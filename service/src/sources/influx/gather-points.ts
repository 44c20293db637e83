import type { SeriesType, SourceSeries } from '../../domain/sample.js';

/** Points of one series, one a millisecond, ascending as they come. */
export class GatheredSeries {
  readonly #timesMs: number[] = [];
  readonly #values: number[] = [];

  constructor(readonly labels: Readonly<Record<string, string>>) {}

  /** What comes again from an earlier page is passed over; of one millisecond the last counts. */
  add(timeMs: number, value: number): void {
    const last = this.#timesMs.at(-1) ?? -Infinity;
    if (timeMs < last) return;
    if (timeMs === last) this.#values[this.#values.length - 1] = value;
    else {
      this.#timesMs.push(timeMs);
      this.#values.push(value);
    }
  }

  toSeries(type: SeriesType): SourceSeries {
    return {
      labels: this.labels,
      type,
      timesMs: new Float64Array(this.#timesMs),
      values: new Float64Array(this.#values),
    };
  }

  get isEmpty(): boolean {
    return this.#timesMs.length === 0;
  }
}

/** Key of a label set, whatever the order. */
export function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
