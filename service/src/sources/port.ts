import type { SourceSeries } from '../domain/sample.js';

/** Where metrics come from. A source returns series; it never judges. */
export interface MetricSource {
  readonly name: string;
  /**
   * Series of a project that match the metric name and every label, with points in `[fromMs, toMs)`, times ascending, no
   * duplicates. A label value of `''` matches a series without that label.
   * @throws SourceError
   */
  fetch(query: SourceQuery): Promise<readonly SourceSeries[]>;
}

export interface SourceQuery {
  readonly project: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A source could not answer; `retryable` says whether asking again can help. */
export class SourceError extends Error {
  constructor(
    readonly code: 'unavailable' | 'bad-query' | 'too-many-series',
    message: string,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
