import type { MetricRule } from '../contract.js';
import { isLevelScan, scanStart, scanValue, type Scan } from './scans.js';
import type { Trace } from './trace.js';

/** Something that scans show of a trace at every look, with a bound that is cheaper than the thing itself. */
export interface ScanMeasure {
  /**
   * Upper bounds of its square, by the interval that a stretch ends with.
   *
   * @returns room that the next call fills again
   */
  bound(trace: Trace, scan: Scan): Float64Array;
  /** In raw standard errors, ≥ 0. */
  value(trace: Trace, scan: Scan, interval: number): number;
}

/** Squares bound what they are the squares of, for all rounding. */
const ROUNDING = 1 + 1e-9;

/** Fills in a bound without working anything out; false where the trace has none. */
type BoundCheaply = (trace: Trace, scan: Scan, into: Float64Array) => boolean;

function measureOf(looks: number, value: ScanMeasure['value'], boundCheaply: BoundCheaply): ScanMeasure {
  const squares = new Float64Array(looks);
  const bound = (trace: Trace, scan: Scan): Float64Array => {
    if (boundCheaply(trace, scan, squares)) return squares;
    for (let interval = 0; interval < trace.looks; interval++)
      squares[interval] = value(trace, scan, interval) ** 2 * ROUNDING;
    return squares;
  };
  return { bound, value };
}

/** The value of every scan: what a metric is judged by. */
export function scoreMeasure({ direction, warmupLooks: warmup }: MetricRule, looks: number): ScanMeasure {
  return measureOf(
    looks,
    (trace, scan, interval) => scanValue(trace, scan, direction, interval, warmup),
    (trace, scan, into) => {
      if (!isLevelScan(scan) || trace.boundOutside === undefined) return false;
      trace.boundOutside({ window: scan.window, warmup }, direction, into);
      return true;
    },
  );
}

/** |deviation from the best baseline|, of scans that speak of the mean: what an effect's band is made of. */
export function bandMeasure({ warmupLooks: warmup }: MetricRule, looks: number): ScanMeasure {
  return measureOf(
    looks,
    (trace, scan, interval) => {
      const start = scanStart(scan, interval, warmup);
      return start === undefined ? 0 : Math.abs(trace.around(start, interval + 1));
    },
    (trace, { window }, into) => {
      if (trace.boundAround === undefined) return false;
      trace.boundAround({ window, warmup }, into);
      return true;
    },
  );
}
