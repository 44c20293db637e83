import type { Direction } from '../contract.js';

/**
 * What the scans see of one metric after one moment, live or placebo. Stretches are half-open ranges `[from, to)` of
 * intervals since that moment; every value is standardised, and 0 where the stretch holds no data.
 */
export interface Trace {
  readonly looks: number;
  /** Intervals with data in the stretch. */
  count(from: number, to: number): number;
  /**
   * Signed mean deviation beyond every credible baseline, in standard errors. What harms by no more than `least` in `direction` may be
   * given as 0: most of a watch's stretches are asked only whether they pass its peak, and an exact answer costs logarithms.
   */
  outside(from: number, to: number, direction: Direction, least: number): number;
  /** Signed mean deviation from the best baseline, in standard errors. */
  around(from: number, to: number): number;
  /** Harmful excess of the swings, in standard errors; ratios have none, their counts speak in `outside`. */
  readonly spread?: (from: number, to: number) => number;
  /** Excess of intervals beyond the metric's quiet 95th percentile, in standard errors. */
  readonly tail?: (from: number, to: number) => number;
}
