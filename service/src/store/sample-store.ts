import type { SampleBatch, SeriesType, SourceSeries } from '../domain/sample.js';

/** Pushed metrics in compressed chunks, by event time. */
export interface SampleStore {
  /**
   * Durable when it resolves. A later sample for the same series and millisecond replaces the earlier one:
   * `stored` counts new points, `replaced` the others.
   * All of it is stored, or nothing. With a limit, series that would be one too many of their project are refused; known ones
   * never are.
   * @throws StoreError `disk-full`, `unavailable`, `conflict` when a known series changes its type, and `too-many-series`
   */
  append(
    batches: readonly SampleBatch[],
    limits?: { readonly maxSeriesPerProject: number },
  ): Promise<{ readonly stored: number; readonly replaced: number }>;
  /**
   * The same for senders that cannot do anything about a part that is refused: a known series keeps its type whatever the batch says, and
   * new series that would be one too many are left out, the later ones first. All the rest is stored, or nothing.
   * @throws StoreError `disk-full`, `unavailable`
   */
  appendWhatFits(
    batches: readonly SampleBatch[],
    limits: { readonly maxSeriesPerProject: number },
  ): Promise<{
    readonly stored: number;
    readonly replaced: number;
    readonly leftOut: readonly SampleBatch[];
  }>;
  /**
   * Series of a project matching name and labels (`''` = label absent), points in `[fromMs, toMs)` ascending. With a limit reading ends
   * once there are that many series, whichever come first.
   */
  read(query: {
    readonly project: string;
    readonly metric: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly fromMs: number;
    readonly toMs: number;
    readonly limit?: number;
  }): Promise<readonly SourceSeries[]>;
  /**
   * Series of a project with all these labels (`''` = label absent) that have samples in `[fromMs, toMs)`, by name, without the samples.
   * One whose samples only surround the range may be among them. With a limit no more than that many are looked for.
   */
  list(query: {
    readonly project: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly fromMs: number;
    readonly toMs: number;
    readonly limit?: number;
  }): Promise<readonly ListedSamples[]>;
  /** Number of series of a project. */
  seriesCount(project: string): Promise<number>;
}

/** A stored series without its samples. */
export interface ListedSamples {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly type: SeriesType;
  readonly unit?: string;
}
