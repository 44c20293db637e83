import type { MetricRule } from '@bellwether/models';
import type { MetricSpec } from '../../domain/policy.js';

/** The part of a metric's policy that the science needs. */
export function ruleOf(spec: MetricSpec, intervalMs: number): MetricRule {
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
  };
}
