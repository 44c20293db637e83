import type { SampleBatch, SeriesKey, SeriesType, SourceSeries } from '../../domain/sample.js';
import type { ListedSamples } from '../port.js';

/** A series that is there. */
export interface KnownSeries extends SeriesKey {
  readonly type: SeriesType;
  readonly unit?: string;
}

/**
 * The database that pushed samples lie in. It keeps points and neither counts nor limits them. Failures are errors with `retryable`,
 * and with `retryAfterSeconds` where the database says when to come again.
 */
export interface SampleDatabase {
  prepare(): Promise<void>;
  series(project: string): Promise<readonly KnownSeries[]>;
  /** As `SampleStore.list`. */
  list(query: {
    readonly project: string;
    readonly matchers: Readonly<Record<string, string>>;
    readonly fromMs: number;
    readonly toMs: number;
    readonly limit?: number;
  }): Promise<readonly ListedSamples[]>;
  /** As `SampleStore.read`. */
  read(query: {
    readonly project: string;
    readonly metric: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly fromMs: number;
    readonly toMs: number;
    readonly limit?: number;
  }): Promise<readonly SourceSeries[]>;
  write(batches: readonly SampleBatch[]): Promise<void>;
  remove(beforeMs: number): Promise<void>;
}
