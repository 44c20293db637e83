import type { SeriesType, SourceSeries } from '../domain/sample.js';

/** Where metrics come from. A source returns series; it never judges. */
export interface MetricSource {
  readonly name: string;
  /** What the expressions of `evaluate` are written in. */
  readonly language?: 'promql' | 'influxql' | 'flux';
  /**
   * Whether questions that come side by side are asked in one go, so that a caller with several should not wait between them. Absent
   * where each answer is work for this process itself.
   */
  readonly asksTogether?: true;
  /**
   * Series of a project that match the metric name and every label, with points in `[fromMs, toMs)`, times ascending, no
   * duplicates. A label value of `''` matches a series without that label.
   * @throws SourceError
   */
  fetch(query: SourceQuery): Promise<readonly SourceSeries[]>;
  /**
   * What an expression in the source's own language (PromQL, InfluxQL, Flux) gives: a gauge for every label set, one point for each
   * interval of length `stepMs` whose start lies in `[fromMs, toMs)`, stamped with that start. An interval without a finite value has
   * no point. Absent where a source has no language.
   * @throws SourceError
   */
  evaluate?(query: ExpressionQuery): Promise<readonly SourceSeries[]>;
  /**
   * How far before its own time an expression reads, in milliseconds, at least 0: `rate(x[5m])` still shows for five minutes what was.
   * Absent where expressions read their own interval alone.
   */
  lookbackMs?(expression: string, stepMs: number): number;
  /**
   * The series of a project that carry every label of `matchers` (`''` = without that label) and had a sample in `[fromMs, toMs)`, by
   * name and labels, without their points. What the source does not know of a series is left out.
   * @throws SourceError `too-many-series` instead of a list that is cut off
   */
  listSeries?(query: SeriesQuery): Promise<readonly ListedSeries[]>;
}

export interface SourceQuery {
  readonly project: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly toMs: number;
  /** Native histograms are given as counters with the label `le`, as classic ones are; without this they are refused. */
  readonly takesHistograms?: true;
}

export interface ExpressionQuery {
  readonly project: string;
  /** As the policy has it; the source fills in the variables, because only it knows how they are escaped. */
  readonly expression: string;
  readonly variables: ExpressionVariables;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** Native histograms are given as series with the label `le`; without this they are refused. */
  readonly takesHistograms?: true;
}

/** Values of `{{service}}` and so on; `{{interval}}` is the step. */
export interface ExpressionVariables {
  readonly service: string;
  readonly environment: string;
  /** Of the arm that is read; `''` is a series without a version, and absent is any version: the whole service. */
  readonly version?: string;
  readonly previousVersion: string;
}

export interface SeriesQuery {
  readonly project: string;
  readonly matchers: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ListedSeries {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly type?: SeriesType;
  readonly unit?: string;
  /** What the exporter says of the metric. */
  readonly help?: string;
}

/**
 * `unavailable`: no answer, or one that cannot be read. `refused`: the server does not let us in. `partial`: a part of the data is
 * missing from the answer. `bad-query`: the question is wrong. `unknown-source`: no such source here.
 */
export type SourceErrorCode =
  'unavailable' | 'refused' | 'partial' | 'bad-query' | 'too-many-series' | 'unknown-source';

/** A source could not answer; `retryable` says whether asking again can help. */
export class SourceError extends Error {
  constructor(
    readonly code: SourceErrorCode,
    message: string,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
