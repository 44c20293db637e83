import { armLines, mapArm, type Arm, type MetricHistory } from '@bellwether/models';

/**
 * Histories without the stretch at their beginning in which no metric had any sample: a service that reports for two days has a past
 * of two days, whatever the policy asks for. At least one interval is kept. Where metrics decide, advisory ones do not count: an
 * older one of those would put placebos where there is nothing to decide by.
 *
 * @returns the histories and how many intervals were cut off
 */
export function trimEmptyPast(metrics: readonly MetricHistory[]): {
  readonly metrics: readonly MetricHistory[];
  readonly cut: number;
} {
  const arms = metrics.flatMap(armsOf);
  const deciding = metrics.filter(({ rule }) => rule.criticality !== 'advisory').flatMap(armsOf);
  const length = Math.max(1, ...arms.map((arm) => arrayOf(arm).length));
  const counted = deciding.length > 0 ? deciding : arms;
  const first = Math.min(length - 1, ...counted.map((arm) => firstSeen(arrayOf(arm))));
  if (first === 0) return { metrics, cut: 0 };
  return {
    cut: first,
    metrics: metrics.map(({ treatment, control, ...rest }) => ({
      ...rest,
      treatment: withoutHead(treatment, first),
      ...(control ? { control: withoutHead(control, first) } : {}),
    })),
  };
}

function armsOf({ treatment, control }: MetricHistory): readonly Arm[] {
  return control ? [treatment, control] : [treatment];
}

function arrayOf(arm: Arm): Float64Array {
  return armLines(arm).at(-1) ?? new Float64Array(0);
}

function firstSeen(values: Float64Array): number {
  const at = values.findIndex((value) => !Number.isNaN(value));
  return at < 0 ? values.length : at;
}

/** A copy, so that the long array can be freed. */
function withoutHead(arm: Arm, count: number): Arm {
  return mapArm(arm, (line) => line.slice(count));
}
