import type { MetricCalibration } from '../calibration/calibrate.js';
import { isDriftUnknown } from '../calibration/sequential-metric.js';
import type { Reason } from '../contract.js';
import { isSurelyBeyondMinEffect, type JudgedMetric } from './judged-metric.js';
import { movedText } from './movement-words.js';

/**
 * Why a metric that cannot roll back is no ground to continue either: its counts leave no doubt that it moved harmfully, and
 * nobody knows whether it also does so by itself.
 */
export function unprovenHarm(metric: MetricCalibration, judged: JudgedMetric): Reason | undefined {
  if (metric.mode !== 'sequential') return undefined;
  const { past } = 'past' in metric.metric ? metric.metric : metric.metric.blank;
  if (!isDriftUnknown(past) || !isSurelyBeyondMinEffect(judged)) return undefined;
  const text = `${movedText(judged)}, beyond its practical minimum; the history is too short to tell whether it also does so by itself, so it neither rolls back nor lets the release go on.`;
  return { code: 'harm-not-proven', metric: judged.rule.name, text };
}
