import type { Arm, LiveMetric, MetricRule, Snapshot } from '../contract.js';
import { mapArm } from '../series/map-arm.js';
import { createRandom } from '../statistical/random.js';

/** One metric of a test watch: its arms over history and watch in one piece. */
export interface TestMetric {
  readonly rule?: Partial<MetricRule>;
  readonly treatment: Arm;
  readonly control?: Arm;
}

export const HISTORY = 1200;
export const LOOKS = 20;

export function testRule(rule: Partial<MetricRule>): MetricRule {
  return {
    name: 'latency',
    kind: 'latency',
    direction: 'up',
    unit: 'ms',
    shape: 'gauge',
    minEffect: { relative: 0.05 },
    tolerance: { relative: 0.3 },
    criticality: 'normal',
    weight: 1,
    required: true,
    warmupLooks: 0,
    ...rule,
  };
}

function cut(arm: Arm, from: number, to: number): Arm {
  return mapArm(arm, (line) => line.slice(from, to));
}

/** Cuts each metric at the change. */
export function testWatch(
  metrics: readonly TestMetric[],
  settings: Partial<Snapshot> = {},
  history = HISTORY,
) {
  const part = (from: number, to: number) =>
    metrics.map(({ rule, treatment, control }) => ({
      rule: testRule({ shape: treatment.shape, ...rule }),
      treatment: cut(treatment, from, to),
      ...(control === undefined ? {} : { control: cut(control, from, to) }),
    }));
  const snapshot: Snapshot = {
    intervalMs: 60_000,
    changeAtMs: 0,
    changeIndex: history,
    plannedLooks: LOOKS,
    metrics: part(0, history),
    excluded: [],
    alpha: 0.05,
    prior: 0.1,
    groupWeights: {},
    earliestContinue: 1,
    minCoverage: 0.5,
    ...settings,
  };
  const live: readonly LiveMetric[] = part(history, history + snapshot.plannedLooks);
  return { snapshot, live };
}

/** Noise of 10 % around 100, times `factor` from the change on. */
export function noisyGauge(seed: number, factor = 1, history = HISTORY): Arm {
  const random = createRandom(seed);
  const values = Float64Array.from(
    { length: history + LOOKS },
    (_, index) => 100 * Math.exp(0.1 * random.normal()) * (index >= history ? factor : 1),
  );
  return { shape: 'gauge', values };
}

/** Poisson errors among `total` requests; `after` is the error ratio from the change on. */
export function noisyRatio(
  seed: number,
  before: number,
  after: number,
  total = 1000,
  history = HISTORY,
): Arm {
  const random = createRandom(seed);
  const totals = Float64Array.from({ length: history + LOOKS }, () => random.poisson(total));
  const events = totals.map((requests, index) =>
    Math.min(requests, random.poisson(requests * (index >= history ? after : before))),
  );
  return { shape: 'ratio', events, totals };
}

/** A gauge that never sent anything before the change. */
export function bornWithTheChange(arm: Arm, history = HISTORY): Arm {
  return mapArm(arm, (line) => line.map((value, index) => (index < history ? NaN : value)));
}
