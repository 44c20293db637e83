import {
  SHIPPED_MODEL,
  type IntervalGrid,
  type LearnedModelId,
  type MetricHistory,
  type MetricRule,
  type Snapshot,
} from '@bellwether/models';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { MetricSpec } from '../../domain/policy.js';
import { priorFor } from '../../domain/tuning.js';
import type { Watch } from '../../domain/watch.js';
import type { Sources } from '../source-for.js';
import { ruleOf } from './metric-rule.js';
import { lookbackOf } from './lookback.js';
import { createOutages, requiredFirst, type Outages } from './outages.js';
import { readMetric } from './read-metric.js';
import { trimEmptyPast } from './trim-empty-past.js';

export interface SnapshotRequest {
  readonly sources: Sources;
  readonly deployment: Deployment;
  readonly step: Step;
  readonly watch: Watch;
  /**
   * End of the untouched past. It is the start of the release, so that the baseline of a later step leaves out what earlier steps
   * already treated, and for a recovery watch the start of the release that was rolled back. The time from there to the watch's
   * change stays in the history, where it keeps the hours of the day in their places, and is marked as excluded.
   */
  readonly baselineEndMs: number;
  /** Event-time ranges of other deployments in the past. */
  readonly excludedMs: readonly (readonly [fromMs: number, toMs: number])[];
  /** The model that was tuned for the service; where the policy asks one at all and there is none, it is the shipped one. */
  readonly learned?: LearnedModelId | undefined;
  /** Whether optional metrics whose source does not answer are left out, for good. */
  readonly goOnWithoutOptional?: boolean;
  /** Told of each metric that was left out so. */
  readonly onUnanswered?: () => void;
}

/** Everything that is fixed when a watch starts. @throws SourceError that is retryable */
export async function takeSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const { deployment, watch } = request;
  const { policy } = deployment;
  const { changeAtMs } = watch;
  const treated = Math.ceil(Math.max(0, changeAtMs - request.baselineEndMs) / watch.intervalMs);
  const asked = Math.max(1, Math.floor(policy.historyMs / watch.intervalMs)) + treated;
  const askedStartMs = changeAtMs - asked * watch.intervalMs;
  const read = new Map<MetricSpec, MetricHistory>();
  const grid = { startMs: askedStartMs, intervalMs: watch.intervalMs, count: asked };
  const outages = createOutages();
  for (const spec of requiredFirst(policy.metrics))
    read.set(spec, await readHistory(request, spec, grid, outages));
  const { metrics, cut } = trimEmptyPast(policy.metrics.flatMap((spec) => read.get(spec) ?? []));
  const changeIndex = asked - cut;
  const startMs = askedStartMs + cut * watch.intervalMs;
  const toIndex = (ms: number): number =>
    Math.min(changeIndex, Math.max(0, (ms - startMs) / watch.intervalMs));
  const lingeringMs = Math.max(0, ...policy.metrics.map((spec) => lookbackIn(request, spec)));
  const earlier = request.excludedMs.map(([from, to]) => [from, to + lingeringMs] as const);
  return {
    intervalMs: watch.intervalMs,
    changeAtMs,
    changeIndex,
    plannedLooks: watch.plannedLooks,
    metrics,
    excluded: [...earlier, [request.baselineEndMs, changeAtMs] as const]
      .map(([from, to]) => [Math.floor(toIndex(from)), Math.ceil(toIndex(to))] as const)
      .filter(([from, to]) => to > from),
    alpha: watch.alpha,
    prior: priorFor(policy, watch),
    groupWeights: policy.groupWeights,
    earliestContinue: policy.earliestContinue,
    minCoverage: policy.minCoverage,
    ...(policy.baselines === undefined ? {} : { baselines: policy.baselines }),
    ...(policy.learnedScorer === 'on' ? { learned: request.learned ?? SHIPPED_MODEL } : {}),
  };
}

async function readHistory(
  request: SnapshotRequest,
  spec: MetricSpec,
  grid: IntervalGrid,
  outages: Outages,
): Promise<MetricHistory> {
  const { sources, deployment, step, watch, goOnWithoutOptional = false, onUnanswered } = request;
  const { unanswered, ...metric } = await readMetric({
    sources,
    deployment,
    step,
    spec,
    grid,
    goOnWithoutOptional,
    outages,
  });
  if (unanswered === true) onUnanswered?.();
  return { rule: pastLingering(request, spec, ruleOf(spec, watch)), ...metric };
}

/**
 * An expression that reads back shows a slow start after its warm-up is over, and after a rollback the release that was rolled back;
 * its warm-up lasts until neither can be seen.
 */
function pastLingering(request: SnapshotRequest, spec: MetricSpec, rule: MetricRule): MetricRule {
  const { watch } = request;
  if (rule.warmupLooks === 0 && watch.kind !== 'recovery') return rule;
  const lingeringLooks = Math.ceil(lookbackIn(request, spec) / watch.intervalMs);
  return { ...rule, warmupLooks: rule.warmupLooks + lingeringLooks };
}

function lookbackIn({ sources, deployment, watch }: SnapshotRequest, spec: MetricSpec): number {
  return lookbackOf(sources, deployment.project, spec, watch.intervalMs);
}
