import { createRandom, mapArm, type Arm, type LiveMetric, type Snapshot } from '../../src/index.js';
import { noisyHistogram } from '../../src/verdict/noisy-histogram.test-support.js';
import { drawDeployment, syntheticRule } from '../synthetic-service.js';

export const METRICS = 20;
/** Seven days of minutes. */
export const HISTORY = 7 * 1440;

/** A watch whose cost is measured. */
export interface SpeedCase {
  readonly shape: Arm['shape'];
  readonly looks: number;
  readonly alpha: number;
  /** Whether the learned scorer is asked, too. */
  readonly isLearnedAsked?: boolean;
}

const REQUESTS = 1000;
const ERROR_RATIO = 0.01;
/** Of the gauges: noise with this autocorrelation on a daily wave. */
const PHI = 0.5;

function drawCounts(shape: 'ratio' | 'histogram', seed: number, length: number): Arm {
  if (shape === 'histogram') return noisyHistogram({ seed, requests: REQUESTS, length });
  const random = createRandom(seed);
  const totals = Float64Array.from({ length }, () => random.poisson(REQUESTS));
  return {
    shape,
    totals,
    events: totals.map((total) => Math.min(total, random.poisson(total * ERROR_RATIO))),
  };
}

/** Draws 20 metrics with 7 days of minutes and a watch in which nothing happens. */
export function drawBusyService({ shape, looks, alpha }: SpeedCase, seed: number) {
  const service = { metrics: METRICS, phi: PHI, season: true, gap: 0, history: HISTORY, day: 1440 };
  const gauges = drawDeployment({ ...service, looks, alpha }, seed);
  if (shape === 'gauge') return gauges;
  const arms = Array.from({ length: METRICS }, (_, index) =>
    drawCounts(shape, seed * METRICS + index, HISTORY + looks),
  );
  const snapshot: Snapshot = {
    ...gauges.snapshot,
    metrics: arms.map((arm, index) => ({
      rule: { ...syntheticRule(index), shape },
      treatment: mapArm(arm, (line) => line.slice(0, HISTORY)),
    })),
  };
  const live: readonly LiveMetric[] = arms.map((arm) => ({
    treatment: mapArm(arm, (line) => line.slice(HISTORY)),
  }));
  return { snapshot, live };
}
