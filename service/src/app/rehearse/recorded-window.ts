/** One recorded series of one arm. Parallel arrays in the order of the recording; NaN is a sample that was recorded as missing. */
export interface RecordedSeries {
  readonly name: string;
  /** As written; unknown kinds are judged like any metric that nobody knows. */
  readonly kind: string;
  readonly role: 'treatment' | 'control';
  /** Event times in seconds since 1970. */
  readonly timesSeconds: Float64Array;
  /** Values, or the events of a ratio. */
  readonly values: Float64Array;
  /** What the events of a ratio are a share of; absent for a gauge. */
  readonly totals?: Float64Array;
}

/** A deployment window as it was recorded: what a method may see, and nothing that says how it ended. */
export interface RecordedWindow {
  readonly id: WindowId;
  /** Seconds since 1970. */
  readonly changeAtSeconds: number;
  /** Seconds between two samples; absent when the recording does not say. */
  readonly intervalSeconds?: number;
  /** Name of the service, by which its policy is found. */
  readonly service?: string;
  /** Share of the traffic that the treatment was given, in (0, 1). */
  readonly trafficShare?: number;
  /** When the first new instances were complete, seconds since 1970: what came before is their warm-up. */
  readonly firstCompleteSeconds?: number;
  /** A policy by name or by value, not yet looked at. */
  readonly policy?: unknown;
  readonly series: readonly RecordedSeries[];
}

export type WindowId = string | number;

/** A recording that cannot be judged for what is in it; the message names the field and what it should be. */
export class WindowError extends Error {
  override readonly name = 'WindowError';
}
