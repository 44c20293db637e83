import type { Arm, LiveMetric, MetricHistory, MetricRule } from '../contract.js';
import { lineCounts, type DistributionLine } from '../scoring/distribution-lines.js';
import { observations, type BucketDistribution } from '../series/bucket-distribution.js';
import { pooledDistribution } from '../series/histogram-lines.js';

/** The rule of one line of a histogram: a ratio that harms in the same direction, because a share above a bound rises with the values. */
export function lineRule(rule: MetricRule): MetricRule {
  return { ...rule, shape: 'ratio' };
}

/** What one line counts in an arm, as a ratio; an arm of another shape has nothing to count. */
function lineArm(line: DistributionLine, quiet: BucketDistribution, arm: Arm): Arm {
  if (arm.shape === 'histogram') return { shape: 'ratio', ...lineCounts(line, quiet, arm) };
  return { shape: 'ratio', events: new Float64Array(0), totals: new Float64Array(0) };
}

/** Both arms of a histogram as one line counts them. */
export function lineOf(line: DistributionLine, quiet: BucketDistribution, metric: LiveMetric): LiveMetric {
  const { treatment, control } = metric;
  return {
    treatment: lineArm(line, quiet, treatment),
    ...(control === undefined ? {} : { control: lineArm(line, quiet, control) }),
  };
}

/**
 * The distribution when nothing was deployed: all of the history, so that every hour of the day has its part; the control's where the
 * treatment did not exist yet.
 *
 * @param history with known deployments and incidents blanked
 * @returns undefined when neither arm observed anything
 */
export function quietDistribution({ treatment, control }: MetricHistory): BucketDistribution | undefined {
  for (const arm of [treatment, control]) {
    if (arm?.shape !== 'histogram') continue;
    const quiet = pooledDistribution(arm);
    if (observations(quiet) > 0) return quiet;
  }
  return undefined;
}
