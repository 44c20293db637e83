import type { BurnRate, MetricRule } from '@bellwether/models';
import type { BurnRateRail, MetricSpec } from '../../domain/policy.js';

/** The watch's times: its interval, and how long after an interval every look waits. */
interface Timing {
  readonly intervalMs: number;
  readonly settleMs: number;
}

/** The part of a metric's policy that the science needs. */
export function ruleOf(spec: MetricSpec, { intervalMs, settleMs }: Timing): MetricRule {
  const lateLooks = Math.ceil(Math.max(0, (spec.settleMs ?? 0) - settleMs) / intervalMs);
  return {
    name: spec.name,
    kind: spec.kind,
    direction: spec.direction,
    unit: spec.unit,
    shape: spec.signal.type === 'ratio' ? 'ratio' : 'gauge',
    minEffect: spec.minEffect,
    tolerance: spec.tolerance,
    criticality: spec.criticality,
    weight: spec.weight,
    ...(spec.group === undefined ? {} : { group: spec.group }),
    required: spec.missing === 'required',
    warmupLooks: Math.ceil(spec.warmupMs / intervalMs),
    ...(spec.guardRail === undefined ? {} : { guardRail: spec.guardRail }),
    ...(spec.burnRate === undefined ? {} : { burnRate: burnRateOf(spec.burnRate, intervalMs) }),
    ...(lateLooks === 0 ? {} : { lateLooks }),
  };
}

function burnRateOf({ objective, windows, fewestEvents }: BurnRateRail, intervalMs: number): BurnRate {
  const looks = (ms: number): number => Math.max(1, Math.round(ms / intervalMs));
  return {
    objective,
    fewestEvents,
    windows: windows.map(({ limit, longMs, shortMs }) => ({
      limit,
      longLooks: looks(longMs),
      shortLooks: looks(shortMs),
    })),
  };
}
