import type { CalibratedMetric } from '../calibration/calibrated-metric.js';
import { isLearnedLouder, joinLearned } from '../calibration/learned-replay.js';
import { watchPeak } from '../calibration/watch-peak.js';
import type { LearnedPeak } from '../contract.js';
import { scoreMeasure } from '../scoring/scan-measure.js';
import { harmfulPart, type Scorer } from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';

/** A metric's score up to one look. */
export interface WatchScore {
  /** Largest normalised score so far. */
  readonly peak: number;
  /** Who gave the running maximum. */
  readonly scorer: Scorer | 'learned' | undefined;
}

/**
 * Runs the scans over every look so far: the same steps that each placebo went through.
 *
 * @param learned the loudest that the learned scorer got so far
 */
export function scoreWatch(metric: CalibratedMetric, trace: Trace, learned?: LearnedPeak): WatchScore {
  const { value, scan } = watchPeak(
    trace,
    metric.scans,
    metric.units,
    scoreMeasure(metric.rule, trace.looks),
  );
  const scans = value / metric.norm;
  const scorer = scan?.scorer;
  if (metric.learned === undefined) return { peak: scans, scorer };
  const heard = learned?.score ?? 0;
  return {
    peak: joinLearned(scans, heard) / metric.learned.norm,
    scorer: isLearnedLouder(scans, heard) ? 'learned' : scorer,
  };
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
