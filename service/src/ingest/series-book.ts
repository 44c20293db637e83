import type { BookedSeries } from './booked-series.js';
import type { HistogramState } from './histograms/histogram-state.js';
import { seriesFault } from './check-series.js';
import type { TemporalState } from './otlp/temporal-state.js';
import { placeSeries, type PlaceRule } from './place-rules.js';
import type { ReceivedSeries } from './received-series.js';
import { SeriesMemory } from './series-memory.js';

/** More than 64 labels of the longest kind that are of use. */
const MAX_KEY_LENGTH = 16_384;

export interface BookSettings {
  readonly rules: readonly PlaceRule[];
  /** Of series that no rule gives a project. */
  readonly project: string;
  /** Different series that the token may send within two turns. */
  readonly maxSeries: number;
}

/**
 * The series that one token sends, each decoded, checked and placed once. Two generations: what was not seen for a whole turn is
 * forgotten, so that a fleet whose pods come and go does not use the limit up for ever.
 */
export class SeriesBook {
  #current = new Map<string, BookedSeries>();
  #previous: ReadonlyMap<string, BookedSeries> = new Map();
  readonly histograms = new SeriesMemory<HistogramState>();
  readonly temporal = new SeriesMemory<TemporalState>();

  constructor(private readonly settings: BookSettings) {}

  /** Series in use, of this turn and the one before. */
  get size(): number {
    let old = 0;
    for (const key of this.#previous.keys()) if (!this.#current.has(key)) old += 1;
    return this.#current.size + old;
  }

  /** Begins a new turn; what was not seen in the one that ends is forgotten. */
  turn(): void {
    this.#previous = this.#current;
    this.#current = new Map();
  }

  /**
   * @param key what tells the series apart in its dialect, such as the bytes of its labels
   * @param decode names and labels, asked for only when the series is not known
   */
  find(key: string, decode: () => ReceivedSeries): BookedSeries {
    const known = this.#current.get(key);
    if (known !== undefined) return known;
    const earlier = this.#previous.get(key);
    if (earlier === undefined && this.#current.size >= this.settings.maxSeries) return this.#full();
    const booked = earlier ?? this.#book(decode());
    // What names a series at such length is refused anyway, and would fill the memory.
    if (key.length <= MAX_KEY_LENGTH) this.#current.set(key, booked);
    return booked;
  }

  #book(series: ReceivedSeries): BookedSeries {
    const fault = seriesFault(series);
    if (fault !== undefined) return { kind: 'refused', reason: 'bad-name', why: fault };
    const placed = placeSeries(series, this.settings.rules);
    if (placed === undefined) return { kind: 'refused', reason: 'dropped', why: series.metric };
    const { metric, type, unit } = series;
    const project = placed.project ?? this.settings.project;
    return {
      kind: 'taken',
      key: { project, metric, labels: placed.labels, type, ...(unit === undefined ? {} : { unit }) },
    };
  }

  #full(): BookedSeries {
    return {
      kind: 'refused',
      reason: 'token-series-limit',
      why: `this token has sent ${this.settings.maxSeries} different series within the hour, and new ones are not taken (known ones still are); drop labels that change all the time, or raise limits.maxSeriesPerToken`,
    };
  }
}
