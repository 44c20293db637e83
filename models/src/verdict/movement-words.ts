import { formatDifference } from './format-value.js';
import type { JudgedMetric } from './judged-metric.js';

/** A share with its sign: `+15 %`. */
export function percentText(share: number): string {
  const percent = 100 * share;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(digits)} %`;
}

/** How far a metric moved, with its interval and in its unit: `errors moved by +15 % (+9.0 % to +21 %; +0.3 points)`. */
export function movedText({ rule, effect }: JudgedMetric): string {
  const { relative, relativeLow, relativeHigh, absolute } = effect.effect;
  const range = `${percentText(relativeLow)} to ${percentText(relativeHigh)}`;
  return `${rule.name} moved by ${percentText(relative)} (${range}; ${formatDifference(absolute, rule.unit)})`;
}
