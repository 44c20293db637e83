import type { CalibratedMetric } from '../calibration/calibrated-metric.js';
import { watchPeak } from '../calibration/watch-peak.js';
import type { LiveMetric } from '../contract.js';
import { scoreMeasure } from '../scoring/scan-measure.js';
import type { Trace } from '../scoring/trace.js';
import { traceGauge, traceRatio } from '../verdict/live-trace.js';
import type { ScorerPart } from './explanation.js';

function traceOf({ model, rule }: CalibratedMetric, live: LiveMetric, look: number): Trace {
  return model.shape === 'gauge'
    ? traceGauge(model, live, rule.direction, look).trace
    : traceRatio(model, live, look).trace;
}

/**
 * Which scorers spoke of a metric, how loudly, over which window and when: the judge's own scans, run for each scorer by itself.
 *
 * @param live as it was judged, blanked where it cannot be compared
 * @returns the loudest first; scorers that saw nothing are left out
 */
export function scorerParts(metric: CalibratedMetric, live: LiveMetric, look: number): readonly ScorerPart[] {
  const trace = traceOf(metric, live, look);
  const names = [...new Set(metric.scans.map(({ scorer }) => scorer))];
  return names.flatMap((scorer) => loudest(metric, trace, scorer)).sort((a, b) => b.score - a.score);
}

function loudest(
  { scans, units, rule, norm }: CalibratedMetric,
  trace: Trace,
  scorer: string,
): readonly ScorerPart[] {
  const measure = scoreMeasure(rule, trace.looks);
  const { value, scan, interval } = watchPeak(trace, scans, units, measure, (each) => each.scorer === scorer);
  if (scan === undefined) return [];
  const window = scan.window === Infinity ? {} : { windowLooks: scan.window };
  return [{ scorer, score: value / norm, ...window, atLook: interval + 1 }];
}
