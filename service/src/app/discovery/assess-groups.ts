import { setImmediate } from 'node:timers/promises';
import { classifyMetric, type Classification } from './classify-metric.js';
import type { SeriesGroup } from './group-series.js';

/** A metric with what it is good for. */
export interface AssessedGroup {
  readonly group: SeriesGroup;
  readonly classification: Classification;
}

/** Others get their turn on the event loop after so many, which takes about a millisecond. */
const METRICS_AT_ONCE = 100;

export async function assessGroups(groups: readonly SeriesGroup[]): Promise<readonly AssessedGroup[]> {
  const siblings = new Set(groups.map(({ metric }) => metric));
  const assessed: AssessedGroup[] = [];
  for (const [index, group] of groups.entries()) {
    if (index % METRICS_AT_ONCE === METRICS_AT_ONCE - 1) await setImmediate();
    const facts = { ...group, labelNames: new Set(group.labels.keys()) };
    assessed.push({ group, classification: classifyMetric(facts, siblings) });
  }
  return assessed;
}
