import { setImmediate } from 'node:timers/promises';
import type { EffectSize, MetricKind } from '@bellwether/models';
import { DISCOVERED_GROUP, type DiscoveryRule } from '../../domain/discovery.js';
import type { MetricSpec } from '../../domain/policy.js';
import type { AssessedGroup } from './assess-groups.js';
import {
  buildErrorRatio,
  buildSignal,
  quantileName,
  type BuiltSignal,
  type FoundIn,
} from './build-signal.js';
import type { UsefulMetric } from './classify-metric.js';
import { isIgnored, namedMetrics } from './named-metrics.js';

/** Others get their turn on the event loop after so many, which takes a few milliseconds. */
const METRICS_AT_ONCE = 50;
/** Most metrics of a policy, the discovered ones among them. */
const MOST_METRICS = 200;
/** Of what nobody chose, only a move that is large is worth a look. */
const SMALLEST_EFFECT: Readonly<Record<MetricKind, EffectSize>> = {
  latency: { relative: 0.15 },
  error: { relative: 0.25 },
  traffic: { relative: 0.2 },
  saturation: { relative: 0.2 },
  business: { relative: 0.2 },
};
/** What tells most of harm comes first; a metric that nothing is known of is the most likely surprise. */
const KIND_ORDER: readonly MetricKind[] = ['error', 'latency', 'business', 'saturation', 'traffic'];
/** Metrics of the runtime and the exporter come after the service's own. */
const RUNTIME =
  /^(?:go|process|nodejs|jvm|python|dotnet|ruby|promhttp|prometheus|otel|target|tomcat|logback|net_conntrack)_/;

export interface AdvisoryMetrics {
  readonly metrics: readonly MetricSpec[];
  readonly leftOut: readonly { readonly metric: string; readonly reason: string }[];
}

interface Candidate {
  readonly metric: string;
  readonly spec: MetricSpec;
}

/**
 * What of the found metrics is watched at advisory weight: what the policy does not read already, is not ignored and is of use, kind by
 * kind in turn so that the limit cuts off no whole kind. The same series give the same metrics.
 */
export async function advisoryMetrics(
  found: FoundIn,
  groups: readonly AssessedGroup[],
  policy: readonly MetricSpec[],
  { ignore, limit }: Pick<DiscoveryRule, 'ignore' | 'limit'>,
): Promise<AdvisoryMetrics> {
  const read = namedMetrics(policy);
  const candidates: Candidate[] = [];
  const leftOut: { metric: string; reason: string }[] = [];
  for (const [index, assessed] of groups.entries()) {
    if (index % METRICS_AT_ONCE === METRICS_AT_ONCE - 1) await setImmediate();
    const { metric } = assessed.group;
    if (read.has(metric)) continue;
    const usable = isIgnored(metric, ignore) ? 'is ignored by the policy' : specsOf(found, assessed);
    if (typeof usable === 'string') leftOut.push({ metric, reason: usable });
    else candidates.push(...usable.map((spec) => ({ metric, spec })));
  }
  const taken = new Set(policy.map(({ name }) => name));
  const most = Math.max(0, Math.min(limit, MOST_METRICS - policy.length));
  const ordered = inTurns(candidates);
  leftOut.push(...beyond(ordered, most, limit));
  return {
    metrics: ordered.slice(0, most).map(({ spec }) => ({ ...spec, name: freeName(spec.name, taken) })),
    leftOut,
  };
}

function beyond(ordered: readonly Candidate[], most: number, limit: number): AdvisoryMetrics['leftOut'] {
  const reason =
    most === limit
      ? `lies beyond the limit of ${limit} metric${limit === 1 ? '' : 's'}`
      : `lies beyond the ${MOST_METRICS} metrics of a policy`;
  const watched = new Set(ordered.slice(0, most).map(({ metric }) => metric));
  const cutOff = new Set(ordered.slice(most).map(({ metric }) => metric));
  return [...cutOff].filter((metric) => !watched.has(metric)).map((metric) => ({ metric, reason }));
}

/** How a metric would be watched, or why it cannot be. */
function specsOf(found: FoundIn, { group, classification }: AssessedGroup): readonly MetricSpec[] | string {
  if (classification.use === 'skip') return classification.reason;
  const { reading } = classification;
  const built = buildSignal(found, group, reading, reading === 'summary' ? 0.99 : 0.95);
  if (built.kind === 'unreadable') return built.reason;
  const isDistribution = reading === 'histogram' || reading === 'summary';
  const name = isDistribution
    ? `${group.metric.replace(/_bucket$/, '')} ${quantileName(built.signal)}`
    : group.metric;
  const own = spec(name, classification, built);
  const ratio = reading === 'counter' ? buildErrorRatio(found, group) : undefined;
  if (ratio === undefined) return [own];
  const failed = { ...classification, kind: 'error', direction: 'up', unit: 'ratio' } as const;
  return [own, spec(`${group.metric} failed`, failed, ratio)];
}

function spec(
  name: string,
  { kind, direction, unit }: UsefulMetric,
  { signal, arms }: BuiltSignal & { kind: 'signal' },
): MetricSpec {
  const minEffect = signal.type === 'ratio' ? { absolute: 0.001, relative: 0.25 } : SMALLEST_EFFECT[kind];
  return {
    ...{ name, kind, unit, direction, signal, arms, minEffect },
    tolerance: minEffect,
    criticality: 'advisory',
    weight: 1,
    group: DISCOVERED_GROUP,
    missing: 'optional',
    warmupMs: 0,
  };
}

/** One of each kind, then the next of each; the runtime's metrics behind all others. */
function inTurns(candidates: readonly Candidate[]): readonly Candidate[] {
  const [runtime, own] = [true, false].map((isRuntime) =>
    candidates.filter(({ metric }) => RUNTIME.test(metric) === isRuntime),
  );
  return [own ?? [], runtime ?? []].flatMap((some) => {
    const byKind = KIND_ORDER.map((kind) => some.filter(({ spec: { kind: own } }) => own === kind));
    const longest = Math.max(0, ...byKind.map((each) => each.length));
    return Array.from({ length: longest }, (_, turn) =>
      byKind.flatMap((each) => each.slice(turn, turn + 1)),
    ).flat();
  });
}

/** The policy may have given the metric's name to something else. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name} (${number})`;
  taken.add(free);
  return free;
}
