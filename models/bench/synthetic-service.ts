import { createRandom, type MetricRule, type Snapshot, type LiveMetric } from '../src/index.js';

/** A simulated service; times in intervals. */
export interface SyntheticService {
  readonly metrics: number;
  /** Autoregression of the noise at lag 1. */
  readonly phi: number;
  readonly season: boolean;
  readonly history: number;
  /** Between history and change, excluded: what earlier steps of the release already treated, higher by `TREATED` log units. */
  readonly gap: number;
  readonly looks: number;
  readonly day: number;
  readonly alpha: number;
}

/** What is done to the first metric after the change. */
export interface Injection {
  /** Added to the logarithm of the values. */
  readonly shift: number;
  /** Interval since the change at which it begins. */
  readonly onset: number;
}

const INTERVAL_MS = 60_000;
const DAY_MS = 86_400_000;
/** Standard deviation of the noise, log units. */
export const NOISE = 0.1;
/** What earlier steps of the release did to a metric, log units. */
const TREATED = 0.5;
/** Amplitude of the daily wave, log units. */
const SEASON = 0.4;

export function syntheticRule(index: number): MetricRule {
  return {
    name: `m${index}`,
    kind: 'latency',
    direction: 'up',
    unit: 'ms',
    shape: 'gauge',
    minEffect: {},
    tolerance: {},
    criticality: 'normal',
    weight: 1,
    required: true,
    warmupLooks: 0,
  };
}

/** Draws one deployment: history and watch in one piece, so that nothing marks the change when there is no injection. */
export function drawDeployment(service: SyntheticService, seed: number, injection?: Injection) {
  const random = createRandom(seed);
  const change = service.history + service.gap;
  const length = change + service.looks;
  const phase = random.uniform() * 2 * Math.PI;
  const innovation = Math.sqrt(1 - service.phi ** 2);
  const noise = (): Float64Array => {
    const line = new Float64Array(length);
    let state = random.normal();
    for (let index = 0; index < length; index++) {
      line[index] = state;
      state = service.phi * state + innovation * random.normal();
    }
    return line;
  };
  const common = noise();
  const metrics = Array.from({ length: service.metrics }, (_, metric) => {
    const own = noise();
    return own.map((value, index) => {
      const mixed = service.metrics === 1 ? value : Math.SQRT1_2 * (value + (common[index] ?? 0));
      const wave = service.season ? SEASON * Math.sin((2 * Math.PI * index) / service.day + phase) : 0;
      const isHit = metric === 0 && injection !== undefined && index >= change + injection.onset;
      const treated = index >= service.history && index < change ? TREATED : 0;
      return 100 * Math.exp(NOISE * mixed + wave + treated + (isHit ? injection.shift : 0));
    });
  });
  const snapshot: Snapshot = {
    intervalMs: service.season || service.day > 0 ? DAY_MS / service.day : INTERVAL_MS,
    changeAtMs: 0,
    changeIndex: change,
    plannedLooks: service.looks,
    metrics: metrics.map((values, index) => ({
      rule: syntheticRule(index),
      treatment: { shape: 'gauge', values: values.slice(0, change) },
    })),
    excluded: service.gap > 0 ? [[service.history, change]] : [],
    alpha: service.alpha,
    prior: 0.1,
    groupWeights: {},
    earliestContinue: 1,
    minCoverage: 0.5,
  };
  const live: readonly LiveMetric[] = metrics.map((values) => ({
    treatment: { shape: 'gauge', values: values.slice(change) },
  }));
  return { snapshot, live };
}
