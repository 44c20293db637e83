import type { Arm, Direction, LiveMetric, MetricKind, MetricRule, Snapshot } from '../src/index.js';

/** One blind case: everything a method may see. */
export interface BlindCase {
  readonly id: string;
  readonly set: string;
  readonly change_at: number;
  readonly interval_s: number;
  readonly metrics: readonly {
    readonly name: string;
    readonly kind: string;
    readonly role: 'treatment' | 'control';
    readonly t: readonly number[];
    readonly v: readonly (number | null)[];
  }[];
}

/** How the cases are judged; the same for every set. */
export interface CasePolicy {
  readonly alpha: number;
  readonly prior: number;
  /** Longest watch in looks. */
  readonly maxLooks: number;
  readonly minRelative: number;
  /** Smallest harmful change of a latency in seconds, and of a share in points. */
  readonly minLatencySeconds: number;
}

export const CASE_POLICY: CasePolicy = {
  alpha: 0.05,
  prior: 0.5,
  maxLooks: 60,
  minRelative: 0.2,
  minLatencySeconds: 0,
};

const KINDS: Readonly<Record<string, { readonly kind: MetricKind; readonly direction: Direction }>> = {
  error: { kind: 'error', direction: 'up' },
  latency: { kind: 'latency', direction: 'up' },
  saturation: { kind: 'saturation', direction: 'up' },
  traffic: { kind: 'traffic', direction: 'down' },
};

function minEffect(kind: string, name: string, policy: CasePolicy): MetricRule['minEffect'] {
  if (kind !== 'latency' || policy.minLatencySeconds === 0) return { relative: policy.minRelative };
  const perSecond = /_ms$|millis/.test(name) ? 1000 : 1;
  return { relative: policy.minRelative, absolute: policy.minLatencySeconds * perSecond };
}

/** Puts a case on the grid; undefined when nothing lies behind the change. */
export function readCase(
  blind: BlindCase,
  policy: CasePolicy,
): { snapshot: Snapshot; live: LiveMetric[] } | undefined {
  const { interval_s: step, change_at: change } = blind;
  const first = Math.min(...blind.metrics.map((metric) => metric.t[0] ?? Infinity));
  const last = Math.max(...blind.metrics.map((metric) => metric.t.at(-1) ?? -Infinity));
  const changeIndex = Math.max(0, Math.ceil((change - first) / step));
  const looks = Math.min(policy.maxLooks, Math.floor((last - change) / step) + 1);
  if (looks < 1) return undefined;
  const place = (metric: BlindCase['metrics'][number]): Float64Array => {
    const values = new Float64Array(changeIndex + looks).fill(NaN);
    metric.t.forEach((time, index) => {
      const at = Math.floor((time - change) / step + 1e-9) + changeIndex;
      const value = metric.v[index] ?? null;
      if (at >= 0 && at < values.length && value !== null) values[at] = value;
    });
    return values;
  };
  const gauge = (values: Float64Array): Arm => ({ shape: 'gauge', values });
  const judged = blind.metrics
    .filter((metric) => metric.role === 'treatment')
    .map((metric) => {
      const other = blind.metrics.find((each) => each.role === 'control' && each.name === metric.name);
      const known = KINDS[metric.kind] ?? { kind: 'business' as const, direction: 'both' as const };
      const rule: MetricRule = {
        name: metric.name,
        ...known,
        unit: '',
        shape: 'gauge',
        minEffect: minEffect(metric.kind, metric.name, policy),
        tolerance: {},
        criticality: 'normal',
        weight: 1,
        required: false,
        warmupLooks: 0,
      };
      return { rule, own: place(metric), control: other && place(other) };
    });
  const arms = (from: number, to: number) =>
    judged.map(({ rule, own, control }) => ({
      rule,
      treatment: gauge(own.slice(from, to)),
      ...(control === undefined ? {} : { control: gauge(control.slice(from, to)) }),
    }));
  const snapshot: Snapshot = {
    intervalMs: step * 1000,
    changeAtMs: change * 1000,
    changeIndex,
    plannedLooks: looks,
    metrics: arms(0, changeIndex),
    excluded: [],
    alpha: policy.alpha,
    prior: policy.prior,
    groupWeights: {},
    earliestContinue: 1,
    minCoverage: 0.5,
  };
  return { snapshot, live: arms(changeIndex, changeIndex + looks) };
}
