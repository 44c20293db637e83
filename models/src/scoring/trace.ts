import type { Direction } from '../contract.js';

/** A stretch speaks only when at least this share of it was seen. */
export const MIN_SEEN_SHARE = 0.5;

/** One stretch for every interval that it ends with; those that would begin before the warm-up's end do not fit and hold nothing. */
export interface Stretches {
  /** Intervals; Infinity = everything since the warm-up. */
  readonly window: number;
  readonly warmup: number;
}

/**
 * What the scans see of one metric after one moment, live or placebo. Stretches are half-open ranges `[from, to)` of
 * intervals since that moment; every value is standardised, and 0 where the stretch holds no data.
 */
export interface Trace {
  readonly looks: number;
  /** Intervals with data in the stretch. */
  count(from: number, to: number): number;
  /** Signed mean deviation beyond every credible baseline, in standard errors. */
  outside(from: number, to: number): number;
  /**
   * Writes for every interval an upper bound of the square of what `outside` harms in the stretch that ends with it, 0 where it does not
   * harm or less than half was seen: most stretches of a watch are asked only whether they pass its peak, and an exact answer costs
   * logarithms. Absent where an exact answer is cheap.
   */
  readonly boundOutside?: (stretches: Stretches, direction: Direction, into: Float64Array) => void;
  /** The same of the square of `around`, however much was seen. */
  readonly boundAround?: (stretches: Stretches, into: Float64Array) => void;
  /** Signed mean deviation from the best baseline, in standard errors. */
  around(from: number, to: number): number;
  /** Harmful excess of the swings, in standard errors; ratios have none, their counts speak in `outside`. */
  readonly spread?: (from: number, to: number) => number;
  /** Excess of intervals beyond the metric's quiet 95th percentile, in standard errors. */
  readonly tail?: (from: number, to: number) => number;
}
