import type { Classification } from './classify-metric.js';

/** One classified metric in its group. */
export interface ClassifiedMetric {
  readonly group: string;
  readonly classification: Classification;
}

/** Score of one group, 0–100: the share of its metrics with data that pass; undefined where none has data. */
function groupScore(metrics: readonly ClassifiedMetric[]): number | undefined {
  const withData = metrics.filter(({ classification }) => classification !== 'nodata');
  const passed = withData.filter(({ classification }) => classification === 'pass');
  return withData.length === 0 ? undefined : (100 * passed.length) / withData.length;
}

/**
 * Kayenta's WeightedSumScorer: the group scores summed by weight. Groups without a weight share what the others leave of 100; a
 * group without data adds nothing and its weight is not given to others.
 *
 * @param weights of groups, in parts of 100
 * @returns 0–100
 */
export function summaryScore(
  metrics: readonly ClassifiedMetric[],
  weights: Readonly<Record<string, number>> = {},
): number {
  const groups = new Set(metrics.map(({ group }) => group));
  const unweighted = [...groups].filter((name) => weights[name] === undefined);
  const given = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const shared = unweighted.length === 0 ? 0 : (100 - given) / unweighted.length;
  let sum = 0;
  for (const name of groups) {
    const score = groupScore(metrics.filter(({ group }) => group === name)) ?? 0;
    sum += (score * (weights[name] ?? shared)) / 100;
  }
  return sum;
}
