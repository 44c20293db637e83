import type { BurnRate, MetricRule } from '@bellwether/models';
import type { BurnRateRail, MetricSpec } from '../../domain/policy.js';
import { weightFactorFor, type Tuning } from '../../domain/tuning.js';

/** What the watch brings: its interval, how long after an interval every look waits, and what feedback changed. */
interface RuleContext {
  readonly intervalMs: number;
  readonly settleMs: number;
  readonly tuning?: Tuning;
}

/** The part of a metric's policy that the science needs. */
export function ruleOf(spec: MetricSpec, { intervalMs, settleMs, tuning }: RuleContext): MetricRule {
  const lateLooks = Math.ceil(Math.max(0, (spec.settleMs ?? 0) - settleMs) / intervalMs);
  return {
    name: spec.name,
    kind: spec.kind,
    direction: spec.direction,
    unit: spec.unit,
    shape: spec.signal.type === 'counter' ? 'gauge' : spec.signal.type,
    minEffect: spec.minEffect,
    tolerance: spec.tolerance,
    criticality: spec.criticality,
    weight: spec.weight * weightFactorFor(spec.name, tuning),
    ...(spec.group === undefined ? {} : { group: spec.group }),
    required: spec.missing === 'required',
    warmupLooks: Math.ceil(spec.warmupMs / intervalMs),
    ...(spec.guardRail === undefined ? {} : { guardRail: spec.guardRail }),
    ...(spec.burnRate === undefined ? {} : { burnRate: burnRateOf(spec.burnRate, intervalMs) }),
    ...(spec.ceiling === undefined ? {} : { ceiling: spec.ceiling }),
    ...(spec.horizonMs === undefined ? {} : { horizonLooks: Math.ceil(spec.horizonMs / intervalMs) }),
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
