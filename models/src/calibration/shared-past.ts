import type { MetricHistory } from '../contract.js';
import { armLines, mapArm } from '../series/map-arm.js';

/** Arms of different instances agree to the last digit in fewer intervals than this. */
const SHARED_SHARE = 0.9;
/** Fewer varying intervals tell nothing. */
const FEWEST = 8;

/** What tells whether two arms were the same instances. */
interface Likeness {
  readonly same: number;
  /** Intervals in which both arms moved away from their last value, so that agreeing is no matter of course. */
  readonly varying: number;
}

function likeness(own: Float64Array, other: Float64Array): Likeness {
  let same = 0;
  let varying = 0;
  let last = NaN;
  for (let index = 0; index < own.length; index++) {
    const value = own[index] ?? NaN;
    const beside = other[index] ?? NaN;
    if (Number.isNaN(value) || Number.isNaN(beside)) continue;
    if (value !== last) {
      varying++;
      if (value === beside) same++;
    }
    last = value;
  }
  return { same, varying };
}

function unseen(values: Float64Array): Float64Array {
  return new Float64Array(values.length).fill(NaN);
}

function isShared(metrics: readonly MetricHistory[]): boolean {
  let same = 0;
  let varying = 0;
  for (const { treatment, control } of metrics) {
    if (control?.shape !== treatment.shape) continue;
    const others = armLines(control);
    for (const [index, line] of armLines(treatment).entries()) {
      const found = likeness(line, others[index] ?? new Float64Array(0));
      same += found.same;
      varying += found.varying;
    }
  }
  return varying >= FEWEST && same >= SHARED_SHARE * varying;
}

/**
 * Finds histories in which treatment and control are the same series: before the change there was one group of instances, and both
 * arms were read from it. That they agree says nothing of how new instances differ from old ones, so the treatment of such metrics
 * counts as one that did not exist before.
 */
export function withoutSharedPast(metrics: readonly MetricHistory[]): readonly MetricHistory[] {
  if (!isShared(metrics)) return metrics;
  return metrics.map((metric) =>
    metric.control === undefined ? metric : { ...metric, treatment: mapArm(metric.treatment, unseen) },
  );
}
