import type { MetricCalibration } from '../calibration/calibrate.js';
import type { LearnedPeak, LiveMetric } from '../contract.js';
import type { WindowScorer } from '../learned/look-window.js';
import { occlusion } from '../learned/occlusion.js';
import { stepWidth } from '../learned/window-steps.js';
import { askable, windowAt } from '../verdict/ask-learned.js';
import type { ScorerPart } from './explanation.js';

/**
 * What the learned scorer said of a metric, and on which stretches since the change that rests.
 *
 * @param live samples up to the look that is explained
 * @param peak the loudest that it got so far
 * @returns empty where it was not asked or said nothing
 */
export function learnedPart(
  metric: MetricCalibration,
  live: LiveMetric,
  peak: LearnedPeak | undefined,
  scorer: WindowScorer | undefined,
): readonly ScorerPart[] {
  const asked = askable(metric);
  if (asked === undefined || peak === undefined || !(peak.score > 0)) return [];
  const part = { scorer: 'learned', score: peak.score, atLook: peak.atLook };
  const { rule } = asked.metric;
  const window = windowAt(metric, live, peak.atLook - (rule.lateLooks ?? 0));
  if (scorer === undefined || window === undefined) return [part];
  const width = stepWidth(asked.scan.place.plannedLooks);
  const restsOn = occlusion(scorer, window)
    .filter(({ weight }) => weight > 0)
    .map(({ from, to, weight }) => ({ fromLook: from * width, toLook: to * width, weight }));
  return [restsOn.length === 0 ? part : { ...part, restsOn }];
}
