import type { CalibratedMetric } from '../calibration/calibrated-metric.js';
import { watchPeak } from '../calibration/watch-peak.js';
import { scoreMeasure } from '../scoring/scan-measure.js';
import { harmfulPart, type Scan } from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';

/** A metric's score up to one look. */
export interface WatchScore {
  /** Largest normalised score so far. */
  readonly peak: number;
  /** The scan that gave the running maximum. */
  readonly scan: Scan | undefined;
}

/** Runs the scans over every look so far: the same steps that each placebo went through. */
export function scoreWatch({ scans, units, rule, norm }: CalibratedMetric, trace: Trace): WatchScore {
  const { value, scan } = watchPeak(trace, scans, units, scoreMeasure(rule, trace.looks));
  return { peak: value / norm, scan };
}

/**
 * Where the movement seems to begin: the start of the stretch up to now whose mean deviates most, in standard errors.
 *
 * @returns 0-based interval since the change
 */
export function estimateOnset(metric: CalibratedMetric, trace: Trace): number {
  const { direction, warmupLooks } = metric.rule;
  let onset = warmupLooks;
  let largest = 0;
  for (let start = warmupLooks; start < trace.looks; start++) {
    const value = harmfulPart(direction, trace.around(start, trace.looks));
    if (value > largest) {
      largest = value;
      onset = start;
    }
  }
  return onset;
}
