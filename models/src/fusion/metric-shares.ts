import type { MetricRule } from '../contract.js';

/** Critical metrics own this share of α when there are normal ones too. */
const CRITICAL_SHARE = 0.5;

/** What a deciding metric gets of the attention and of the error budget. */
export interface MetricShare {
  readonly isCritical: boolean;
  readonly group: string;
  /** Weight of its group, over the mean group weight. */
  readonly groupWeight: number;
  /** Its own weight, over the mean weight within its group. */
  readonly weightInGroup: number;
  /** Its part of α under a weighted Bonferroni division; all shares add up to 1. */
  readonly alphaShare: number;
}

/** Part of α that a class of metrics owns. */
function classShare(isCritical: boolean, hasCritical: boolean, hasNormal: boolean): number {
  if (!(hasCritical && hasNormal)) return 1;
  return isCritical ? CRITICAL_SHARE : 1 - CRITICAL_SHARE;
}

function groupKey(rule: MetricRule): string {
  return rule.group === undefined ? `metric:${rule.name}` : `group:${rule.group}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/**
 * Divides attention and error budget over the metrics that may decide; advisory ones get undefined. A metric without a group
 * is a group by itself, with its own weight.
 *
 * @param hasReserve whether critical metrics own their half of α; without it they share one family with the normal ones
 */
export function metricShares(
  rules: readonly MetricRule[],
  groupWeights: Readonly<Record<string, number>>,
  hasReserve: boolean,
): readonly (MetricShare | undefined)[] {
  const deciding = rules.filter((rule) => rule.criticality !== 'advisory');
  const isReserved = (rule: MetricRule): boolean => hasReserve && rule.criticality === 'critical';
  const hasCritical = deciding.some(isReserved);
  const hasNormal = !deciding.every(isReserved);
  return rules.map((rule) => {
    if (rule.criticality === 'advisory') return undefined;
    const peers = deciding.filter((other) => isReserved(other) === isReserved(rule));
    const weightOf = (key: string): number => {
      const members = peers.filter((other) => groupKey(other) === key);
      const named = members[0]?.group;
      return named === undefined ? mean(members.map((member) => member.weight)) : (groupWeights[named] ?? 1);
    };
    const keys = [...new Set(peers.map(groupKey))];
    const group = groupKey(rule);
    const members = peers.filter((other) => groupKey(other) === group);
    const groupWeight = weightOf(group) / mean(keys.map(weightOf));
    const weightInGroup = rule.weight / mean(members.map((member) => member.weight));
    const isCritical = isReserved(rule);
    return {
      isCritical,
      group,
      groupWeight,
      weightInGroup,
      alphaShare:
        (classShare(isCritical, hasCritical, hasNormal) * groupWeight * weightInGroup) /
        (keys.length * members.length),
    };
  });
}
