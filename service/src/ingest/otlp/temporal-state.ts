import type { ExponentialBuckets } from '../histograms/exponential-buckets.js';

/** What has been counted since the first increment that was seen. */
export interface DeltaTotal {
  readonly count: number;
  readonly sum: number;
  /** Of explicit buckets: their bounds and counts. */
  readonly explicit?: { readonly bounds: readonly number[]; readonly counts: readonly number[] };
  readonly exponential?: ExponentialBuckets;
}

/** What is remembered of a series that comes over OTLP. After a restart totals begin at zero again, as the counter of a process does. */
export interface TemporalState {
  readonly temporality: 'delta' | 'cumulative';
  /** Time of its last point. */
  readonly endMs: number;
  /** Of a delta series. */
  readonly total?: DeltaTotal;
}
