import type { PlaceRule } from './place-rules.js';
import { SampleSink } from './sample-sink.js';
import { SeriesBook } from './series-book.js';

/** Series that were not seen for so long no longer count towards a token's limit. */
const TURN_MS = 3_600_000;

export interface IngestSettings {
  readonly rules: readonly PlaceRule[];
  readonly maxSeriesPerToken: number;
  readonly maxFutureMs: number;
  /** Samples that are older would be pruned at once. */
  readonly maxAgeMs: number;
  readonly clock: () => number;
}

/** Whose samples are taken in. */
export interface Sender {
  /** What the series count towards: the id of a token, or the name of a scraped target. */
  readonly id: string;
  /** Of series that no rule gives a project. */
  readonly project: string;
}

/** A book for each sender, and sinks that write into it. */
export class SeriesBooks {
  readonly #books = new Map<string, SeriesBook>();
  readonly #lastTurns = new Map<string, Promise<void>>();
  #turnedAtMs: number;

  constructor(private readonly settings: IngestSettings) {
    this.#turnedAtMs = settings.clock();
  }

  /** A sink for one push. */
  sink({ id, project }: Sender): SampleSink {
    const { rules, maxSeriesPerToken: maxSeries, maxFutureMs, maxAgeMs, clock } = this.settings;
    const nowMs = clock();
    this.#turn(nowMs);
    const book = this.#books.get(id) ?? new SeriesBook({ rules, project, maxSeries });
    this.#books.set(id, book);
    return new SampleSink(book, { nowMs, maxFutureMs, maxAgeMs });
  }

  /**
   * Runs the work of one push after those before it of the same sender: what a series counted so far must be stored before more is added.
   */
  async inTurn<T>({ id }: Pick<Sender, 'id'>, work: () => Promise<T>): Promise<T> {
    const before = this.#lastTurns.get(id) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#lastTurns.set(id, settled);
    try {
      return await mine;
    } finally {
      if (this.#lastTurns.get(id) === settled) this.#lastTurns.delete(id);
    }
  }

  /** Series in use, by sender. */
  sizes(): ReadonlyMap<string, number> {
    return new Map([...this.#books].map(([id, book]) => [id, book.size]));
  }

  #turn(nowMs: number): void {
    if (nowMs < this.#turnedAtMs + TURN_MS) return;
    this.#turnedAtMs = nowMs;
    for (const [id, book] of this.#books) {
      book.turn();
      if (book.size === 0) this.#books.delete(id);
    }
  }
}
