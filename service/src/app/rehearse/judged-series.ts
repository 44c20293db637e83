import type { MetricRule } from '@bellwether/models';
import type { Policy } from '../../domain/policy.js';
import { ruleOf } from '../window/metric-rule.js';
import type { RecordedSeries } from './recorded-window.js';
import { unknownRule } from './unknown-rule.js';

/** A metric to be judged with what was recorded of its two arms. */
export interface JudgedSeries {
  readonly rule: MetricRule;
  /** Absent for a metric of the policy that was not recorded. */
  readonly treatment?: RecordedSeries;
  readonly control?: RecordedSeries;
}

/**
 * Pairs each metric's treatment with the control of the same name and says how it is judged: by the policy, which must name it,
 * or as one that nobody described.
 */
export function judgedSeries(
  series: readonly RecordedSeries[],
  policy: Policy | undefined,
  intervalMs: number,
): readonly JudgedSeries[] {
  const controls = firstOfEachName(series, 'control');
  const joined = (rule: MetricRule, treatment: RecordedSeries | undefined): JudgedSeries => {
    const control = treatment && controls.get(treatment.name);
    const isPair = control !== undefined && isRatio(control) === isRatio(treatment);
    return {
      // A recording holds no buckets: of a histogram it has a quantile, or a share of slow requests.
      rule: {
        ...rule,
        shape: isRatio(treatment) || (!treatment && rule.shape === 'ratio') ? 'ratio' : 'gauge',
      },
      ...(treatment === undefined ? {} : { treatment }),
      ...(isPair ? { control } : {}),
    };
  };
  if (policy !== undefined) {
    const treatments = firstOfEachName(series, 'treatment');
    return policy.metrics.map((spec) =>
      joined(ruleOf(spec, { intervalMs, settleMs: policy.settleMs }), treatments.get(spec.name)),
    );
  }
  return series
    .filter(({ role }) => role === 'treatment')
    .map((treatment) => joined(unknownRule(treatment.name, treatment.kind), treatment));
}

function firstOfEachName(
  series: readonly RecordedSeries[],
  role: RecordedSeries['role'],
): ReadonlyMap<string, RecordedSeries> {
  const found = new Map<string, RecordedSeries>();
  for (const each of series) if (each.role === role && !found.has(each.name)) found.set(each.name, each);
  return found;
}

function isRatio(series: RecordedSeries | undefined): boolean {
  return series?.totals !== undefined;
}
