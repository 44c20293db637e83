import type { ScanMeasure } from '../scoring/scan-measure.js';
import { lookBucket, type Scan } from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';
import type { Units } from './scan-units.js';

/** First look that may decide: one single interval is never evidence enough. */
const FIRST_DECIDING_LOOK = 2;

/** The largest of all scans over all looks so far. */
export interface WatchPeak {
  /** In units, ≥ 0. */
  readonly value: number;
  /** Absent where no scan spoke. */
  readonly scan?: Scan;
  /** The interval (0-based) that its stretch ended with. */
  readonly interval: number;
}

/** Below this a score is noise of the arithmetic, not of the metric; it counts as none. */
const DEAD_ZONE = 0.05;
const NOTHING: WatchPeak = { value: 0, interval: 0 };

/**
 * Runs one scan over every deciding look.
 *
 * @param position of the scan, which its units go by
 * @param best what it has to pass
 */
export function scanPeak(
  trace: Trace,
  scans: readonly Scan[],
  position: number,
  units: Units,
  measure: ScanMeasure,
  best: WatchPeak = NOTHING,
): WatchPeak {
  const scan = scans[position];
  if (scan === undefined) return best;
  const squares = measure.bound(trace, scan);
  let found = best;
  for (let interval = FIRST_DECIDING_LOOK - 1; interval < trace.looks; interval++) {
    const unit = units[lookBucket(interval) * scans.length + position] ?? 1;
    const least = found.value * unit;
    if (!((squares[interval] ?? 0) > least * least)) continue;
    const value = measure.value(trace, scan, interval) / unit;
    if (value > found.value) found = { value, scan, interval };
  }
  return found;
}

/** Runs all scans over every deciding look: the same steps for each placebo and for the live watch. */
export function watchPeak(
  trace: Trace,
  scans: readonly Scan[],
  units: Units,
  measure: ScanMeasure,
  isAsked: (scan: Scan) => boolean = () => true,
): WatchPeak {
  let best = NOTHING;
  for (let position = 0; position < scans.length; position++) {
    const scan = scans[position];
    if (scan !== undefined && isAsked(scan)) best = scanPeak(trace, scans, position, units, measure, best);
  }
  return best.value < DEAD_ZONE ? NOTHING : best;
}
