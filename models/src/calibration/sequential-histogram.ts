import type { MetricHistory, MetricRule, Reason } from '../contract.js';
import { quantileLines, type QuantileLine } from '../scoring/distribution-lines.js';
import type { BucketDistribution } from '../series/bucket-distribution.js';
import { mapArm } from '../series/map-arm.js';
import { observedIn } from '../series/histogram-lines.js';
import { countLines, lineRule, quietDistribution } from './histogram-history.js';
import { sequentialMetric, type SequentialMetric } from './sequential-metric.js';

/** One line of a histogram, ready to be judged by an e-process. */
export interface SequentialLine {
  readonly line: QuantileLine;
  readonly metric: SequentialMetric;
}

/** A histogram whose past is too short for placebos. */
export interface SequentialHistogram {
  readonly rule: MetricRule;
  readonly gap: number;
  /** Absent when neither arm had a history: then the control's first samples choose the lines. */
  readonly quiet?: BucketDistribution;
  /** Empty when neither arm had a history. */
  readonly lines: readonly SequentialLine[];
  /** A line of which nothing is known before the change but that there is, or is no, control. */
  readonly blank: SequentialMetric;
}

type WatchShape = Parameters<typeof sequentialMetric>[1];

/** Counts of nothing, of the arms that there are. */
function blankHistory(history: MetricHistory): MetricHistory {
  const { treatment, control, rule } = history;
  const nothing = (arm: MetricHistory['treatment']): MetricHistory['treatment'] => {
    const totals = arm.shape === 'histogram' ? observedIn(arm) : new Float64Array(0);
    return mapArm({ shape: 'ratio', events: totals, totals }, (line) => line.map(() => NaN));
  };
  return {
    rule: lineRule(rule),
    treatment: nothing(treatment),
    ...(control === undefined ? {} : { control: nothing(control) }),
  };
}

/**
 * Prepares a histogram for e-processes on the shares above its bounds, or says why nothing can be compared.
 *
 * @param history with known deployments and incidents blanked
 */
export function sequentialHistogram(history: MetricHistory, watch: WatchShape): SequentialHistogram | Reason {
  const { rule } = history;
  const quiet = quietDistribution(history);
  if (quiet === undefined) {
    const blank = sequentialMetric(blankHistory(history), watch);
    return 'code' in blank ? blank : { rule, gap: watch.gap, lines: [], blank };
  }
  const lines: SequentialLine[] = [];
  for (const { line, ...counted } of countLines(quantileLines(quiet, rule.direction), quiet, history)) {
    const metric = sequentialMetric({ rule: lineRule(rule), ...counted }, watch);
    if ('code' in metric) return metric;
    lines.push({ line, metric });
  }
  const [first] = lines;
  if (first === undefined) return noBounds(rule);
  return { rule, gap: watch.gap, quiet, lines, blank: first.metric };
}

function noBounds({ name }: MetricRule): Reason {
  const text = `${name} has no bucket with a finite bound, so its distribution cannot be told. Let it export buckets ("le") around the latencies that matter.`;
  return { code: 'no-buckets', metric: name, text };
}
