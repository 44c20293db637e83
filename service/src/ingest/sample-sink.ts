import type { SampleBatch } from '../domain/sample.js';
import type { HistogramState } from './histograms/histogram-state.js';
import type { TemporalState } from './otlp/temporal-state.js';
import type { ReceivedSeries } from './received-series.js';
import { RefusalTally, type SampleRefusal, type RefusalReason } from '../domain/sample-refusal.js';
import type { BookedSeries, TakenSeries } from './booked-series.js';
import type { SeriesBook } from './series-book.js';
import { SeriesDraft } from './series-memory.js';

export interface SinkLimits {
  readonly nowMs: number;
  /** Later samples have a wrong clock. */
  readonly maxFutureMs: number;
  /** Older samples would be pruned at once. */
  readonly maxAgeMs: number;
}

/** What a push came to. */
export interface Gathered {
  readonly batches: readonly SampleBatch[];
  readonly samples: number;
  readonly refusals: readonly SampleRefusal[];
}

interface Points {
  readonly timesMs: number[];
  readonly values: number[];
}

/** Takes in the samples of one push, whatever its dialect, and turns them into batches; what cannot be taken is counted, the rest is kept. */
export class SampleSink {
  readonly #points = new Map<TakenSeries, Points>();
  readonly #refusals = new RefusalTally();
  readonly #earliestMs: number;
  readonly #latestMs: number;
  #samples = 0;

  /** The last point of each histogram whose empty buckets are left out. */
  readonly histograms: SeriesDraft<HistogramState>;
  /** Temporality of series that have one, and totals of those that come as increments. */
  readonly temporal: SeriesDraft<TemporalState>;

  constructor(
    private readonly book: SeriesBook,
    private readonly limits: SinkLimits,
  ) {
    this.#earliestMs = limits.nowMs - limits.maxAgeMs;
    this.#latestMs = limits.nowMs + limits.maxFutureMs;
    this.histograms = new SeriesDraft(book.histograms);
    this.temporal = new SeriesDraft(book.temporal);
  }

  /** See {@link SeriesBook.find}. */
  series(key: string, decode: () => ReceivedSeries): BookedSeries {
    return this.book.find(key, decode);
  }

  /** @param value not finite means: there is none (a stale marker, a ratio of nothing) */
  add(series: BookedSeries, timeMs: number, value: number): void {
    if (series.kind === 'refused') this.#refusals.add(series.reason, 1, () => series.why);
    else if (!Number.isFinite(value))
      this.#refusals.add('no-value', 1, () => `${series.key.metric} has no finite value`);
    else if (!(timeMs >= this.#earliestMs)) this.#refuseTime('too-old', series.key.metric, timeMs);
    else if (timeMs > this.#latestMs) this.#refuseTime('in-the-future', series.key.metric, timeMs);
    else this.#keep(series, Math.round(timeMs), value);
  }

  /** Counts samples that the dialect itself cannot give. */
  refuse(reason: RefusalReason, samples: number, example: () => string): void {
    this.#refusals.add(reason, samples, example);
  }

  /** To be called once what was gathered is stored. */
  stored(): void {
    this.histograms.commit();
    this.temporal.commit();
  }

  gather(): Gathered {
    const batches: SampleBatch[] = [];
    for (const [series, points] of this.#points) batches.push(batchOf(series.key, ascendingOnce(points)));
    return { batches, samples: this.#samples, refusals: this.#refusals.list() };
  }

  #keep(series: TakenSeries, timeMs: number, value: number): void {
    this.#samples += 1;
    const points = this.#points.get(series);
    if (points === undefined) this.#points.set(series, { timesMs: [timeMs], values: [value] });
    else {
      points.timesMs.push(timeMs);
      points.values.push(value);
    }
  }

  #refuseTime(reason: 'too-old' | 'in-the-future', metric: string, timeMs: number): void {
    this.#refusals.add(reason, 1, () => {
      const days = Math.round(Math.abs(this.limits.nowMs - timeMs) / 8_640_000) / 10;
      const place = reason === 'too-old' ? 'in the past, beyond the retention of samples' : 'in the future';
      return `a sample of ${metric} lies ${days} days ${place}; check the clock and the unit of time of the sender`;
    });
  }
}

/** Written out, for spreading two objects is a large part of the time that a sample takes. */
function batchOf({ project, metric, labels, type, unit }: TakenSeries['key'], points: Points): SampleBatch {
  const { timesMs, values } = points;
  const batch = { project, metric, labels, type, timesMs, values };
  return unit === undefined ? batch : { ...batch, unit };
}

/** Times ascending, one sample a millisecond: the last one given counts. */
function ascendingOnce(points: Points): Points {
  const { timesMs, values } = points;
  if (timesMs.length === 1) return points;
  if (timesMs.every((timeMs, index) => index === 0 || timeMs > (timesMs[index - 1] ?? timeMs))) return points;
  const last = new Map(timesMs.map((timeMs, index) => [timeMs, values[index] ?? 0]));
  const sorted = [...last].toSorted(([a], [b]) => a - b);
  return { timesMs: sorted.map(([timeMs]) => timeMs), values: sorted.map(([, value]) => value) };
}
