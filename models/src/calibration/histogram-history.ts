import type { Arm, LiveMetric, MetricHistory, MetricRule } from '../contract.js';
import { lineCounts, type DistributionLine } from '../scoring/distribution-lines.js';
import { observations, type BucketDistribution } from '../series/bucket-distribution.js';
import { pooledDistribution } from '../series/histogram-lines.js';

/** The rule of one line of a histogram: a ratio that harms in the same direction, because a share above a bound rises with the values. */
export function lineRule(rule: MetricRule): MetricRule {
  return { ...rule, shape: 'ratio' };
}

/** What each line counts in an arm, as a ratio; an arm of another shape has nothing to count. */
function lineArms(lines: readonly DistributionLine[], quiet: BucketDistribution, arm: Arm): readonly Arm[] {
  if (arm.shape === 'histogram')
    return lineCounts(lines, quiet, arm).map((counts) => ({ shape: 'ratio', ...counts }));
  return lines.map(() => ({ shape: 'ratio', events: new Float64Array(0), totals: new Float64Array(0) }));
}

/** A line with both arms as it counts them. */
export type CountedLine<Line> = LiveMetric & { readonly line: Line };

/** Both arms of a histogram as each of its lines counts them, in the order of the lines. */
export function countLines<Line extends DistributionLine>(
  lines: readonly Line[],
  quiet: BucketDistribution,
  { treatment, control }: LiveMetric,
): readonly CountedLine<Line>[] {
  const own = lineArms(lines, quiet, treatment);
  const other = control && lineArms(lines, quiet, control);
  return lines.flatMap((line, index) => {
    const [counted, beside] = [own[index], other?.[index]];
    if (counted === undefined) return [];
    return [{ line, treatment: counted, ...(beside === undefined ? {} : { control: beside }) }];
  });
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
