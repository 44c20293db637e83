import type { Deployment } from '../../domain/deployment.js';
import type { Selector } from '../../domain/policy.js';
import type { MetricSource } from '../../sources/port.js';
import { fillSelector, variablesOf } from './template.js';

/** How far back other services are asked for a metric's name: every one of their series answers, so it must stay short. */
const OTHERS_INTERVALS = 60;

/**
 * Whether a metric's name is known: to this service in any arm since `fromMs`, or else to anybody in the project of late. A known name
 * is asked for once.
 */
export function createKnownEvents(source: MetricSource, deployment: Deployment, fromMs: number) {
  const known = new Set<string>();
  const answers = async (
    selector: Selector,
    range: { readonly fromMs: number; readonly toMs: number },
  ): Promise<boolean> =>
    (await source.fetch({ project: deployment.project, ...selector, ...range })).length > 0;

  return async (events: Selector, toMs: number): Promise<boolean> => {
    const { metric } = events;
    if (known.has(metric)) return true;
    const own = fillSelector(events, {}, variablesOf(deployment));
    const othersFromMs = Math.max(fromMs, toMs - OTHERS_INTERVALS * deployment.policy.intervalMs);
    const found =
      (await answers(own, { fromMs, toMs })) ||
      (await answers({ metric, labels: {} }, { fromMs: othersFromMs, toMs }));
    if (found) known.add(metric);
    return found;
  };
}
