import type { Arm, LiveMetric, MetricRule, Snapshot } from '@bellwether/models';

/** The history of one metric, for tests that only carry it about; both arms end at the change. */
export function sampleSnapshot(
  { treatment, control }: LiveMetric,
  change: Partial<Snapshot> = {},
  rule: Partial<MetricRule> = {},
): Snapshot {
  return {
    intervalMs: 1000,
    changeAtMs: 5000,
    changeIndex: lengthOf(treatment),
    plannedLooks: 10,
    metrics: [
      {
        rule: {
          name: 'errors',
          kind: 'error',
          direction: 'up',
          unit: 'ratio',
          shape: treatment.shape,
          minEffect: { relative: 0.1 },
          tolerance: { relative: 0.1 },
          criticality: 'normal',
          weight: 1,
          required: true,
          warmupLooks: 0,
          ...rule,
        },
        treatment,
        ...(control === undefined ? {} : { control }),
      },
    ],
    excluded: [],
    alpha: 0.05,
    prior: 0.1,
    groupWeights: {},
    earliestContinue: 0.5,
    minCoverage: 0.7,
    ...change,
  };
}

function lengthOf(arm: Arm): number {
  switch (arm.shape) {
    case 'gauge':
      return arm.values.length;
    case 'ratio':
      return arm.totals.length;
    case 'histogram':
      return arm.counts[0]?.length ?? 0;
  }
}
