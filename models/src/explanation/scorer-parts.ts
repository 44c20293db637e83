import { FIRST_DECIDING_LOOK, scoreAt, type CalibratedMetric } from '../calibration/calibrated-metric.js';
import type { LiveMetric } from '../contract.js';
import type { Scan } from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';
import { traceGauge, traceRatio } from '../verdict/live-trace.js';
import type { ScorerPart } from './explanation.js';

function traceOf({ model, rule }: CalibratedMetric, live: LiveMetric, look: number): Trace {
  return model.shape === 'gauge'
    ? traceGauge(model, live, rule.direction, look).trace
    : traceRatio(model, live, look).trace;
}

/** The scans of one scorer in their places, which their units go by; the others never fit. */
function only(scans: readonly Scan[], scorer: string, looks: number): readonly Scan[] {
  return scans.map((scan) => (scan.scorer === scorer ? scan : { ...scan, window: looks + 1 }));
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

function loudest(metric: CalibratedMetric, trace: Trace, scorer: string): readonly ScorerPart[] {
  const scans = only(metric.scans, scorer, trace.looks);
  let score = 0;
  let found: { readonly scan: Scan; readonly atLook: number } | undefined;
  for (let interval = FIRST_DECIDING_LOOK - 1; interval < trace.looks; interval++) {
    const now = scoreAt(trace, scans, metric.units, metric.rule, interval, score);
    if (now.scan === undefined || !(now.score > score)) continue;
    score = now.score;
    found = { scan: now.scan, atLook: interval + 1 };
  }
  if (found === undefined) return [];
  const { scan, atLook } = found;
  const window = scan.window === Infinity ? {} : { windowLooks: scan.window };
  return [{ scorer, score: score / metric.norm, ...window, atLook }];
}
