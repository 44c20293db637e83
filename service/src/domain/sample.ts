/** A pushed series: one metric name with its labels. */
export interface SeriesKey {
  readonly project: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** `counter` only grows and may reset; `gauge` may do anything. */
export type SeriesType = 'gauge' | 'counter';

/** One series with points in event time; times ascending, values finite. */
export interface SampleBatch extends SeriesKey {
  readonly type: SeriesType;
  readonly unit?: string;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

/** A series as a source returns it. */
export interface SourceSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly type: SeriesType;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}
