import type { Place } from '../../domain/deployment.js';
import type { DiscoveryOutcome, DiscoveryRule } from '../../domain/discovery.js';
import type { Policy } from '../../domain/policy.js';
import { PUSH_SOURCE } from '../../domain/signal-feeds.js';
import type { AppContext } from '../context.js';
import { requireSource } from '../source-for.js';
import { advisoryMetrics } from './advisory-metrics.js';
import { assessGroups } from './assess-groups.js';
import { groupSeries } from './group-series.js';
import { listFound } from './list-found.js';

/** What had no sample for that long before the change is gone. */
const LOOKED_BACK_MS = 86_400_000;

interface Extended {
  readonly policy: Policy;
  readonly discovery?: DiscoveryOutcome;
}

/**
 * The policy with what it does not name added at advisory weight, where it asks for that. It never stops a deployment: when nothing can
 * be looked for, the policy stays as it is and the outcome says why.
 */
export async function extendPolicy(
  ctx: AppContext,
  place: Place,
  policy: Policy,
  startedAtMs: number,
): Promise<Extended> {
  const rule = policy.discover;
  if (rule === undefined) return { policy };
  const sourceName = rule.source ?? PUSH_SOURCE;
  const about = { service: place.service, environment: place.environment, source: sourceName };
  try {
    const { metrics, leftOut } = await find(ctx, place, policy, rule, startedAtMs);
    const discovery = { source: sourceName, watched: metrics.length, leftOut: leftOut.length };
    ctx.log.info({ ...about, ...discovery }, 'discovery looked for metrics that the policy does not name');
    return { policy: { ...policy, metrics: [...policy.metrics, ...metrics] }, discovery };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    ctx.log.warn({ ...about, err: error }, 'discovery failed; the policy is used as it is');
    return { policy, discovery: { source: sourceName, watched: 0, leftOut: 0, problem } };
  }
}

async function find(ctx: AppContext, place: Place, policy: Policy, rule: DiscoveryRule, startedAtMs: number) {
  const source = requireSource(ctx.sources, rule.source, place.project);
  const { match } = rule;
  const fromMs = startedAtMs - Math.min(policy.historyMs, LOOKED_BACK_MS);
  const toMs = Math.max(ctx.clock(), startedAtMs) + 1;
  const groups = await groupSeries(await listFound({ source, place, match, fromMs, toMs }));
  return advisoryMetrics({ source, match }, await assessGroups(groups), policy.metrics, rule);
}
