import type { Calibration, MetricCalibration } from '../calibration/calibrate.js';
import type { LiveMetric } from '../contract.js';
import { isBeyondMinEffect } from '../verdict/judged-metric.js';
import { soloP, stand, type Beside } from '../verdict/stand.js';
import { prolonged } from './prolonged.js';

/** One metric at one look, to be judged again under a supposition. */
export interface Supposable {
  readonly calibration: Calibration;
  readonly metric: MetricCalibration;
  readonly live: LiveMetric;
  readonly look: number;
  /** As at this look: how alike the instances are taken to be, and what the learned scorer has said. */
  readonly beside: Beside;
}

/**
 * Whether the verdict would be `rollback` some looks later, did the metric stay at a level: it is judged again as it would be
 * then. The others only add evidence, for what they have shown stays shown, so that this metric alone settles it.
 *
 * @param more looks from now, 1 … those that are left
 * @param level in the metric's unit
 */
export function wouldRollBack(one: Supposable, more: number, level: number): boolean {
  const { calibration, metric, live, look, beside } = one;
  const { alpha, plannedLooks } = calibration.settings;
  if (look + more > plannedLooks) return false;
  const later = prolonged(live, look, more, level);
  if (later === undefined) return false;
  const { judged, gap, guardRail, rule } = stand(calibration, metric, later, look + more, beside);
  if (rule.criticality === 'advisory') return false;
  if (guardRail !== undefined) return true;
  if (judged === undefined || gap !== undefined || !isBeyondMinEffect(judged)) return false;
  return soloP(metric, judged, calibration) <= alpha;
}
