import type { Baseline } from '../contract.js';
import { planReplay, RANKED_SHARE } from './replay-plan.js';

/** What a watch asks of its history. */
export interface PlannedWatch {
  readonly intervalMs: number;
  readonly plannedLooks: number;
  /** α of this watch, in (0, 0.5]. */
  readonly alpha: number;
  readonly baselines?: readonly Baseline[];
}

/** Most intervals that are tried. */
const MOST_INTERVALS = 1 << 22;

/**
 * The most independent placebos that a history of so many quiet intervals could give a watch; movements that last longer than a
 * watch make it fewer.
 */
export function possiblePlacebos(watch: PlannedWatch, historyLooks: number): number {
  const plan = planReplay({
    ...watch,
    changeAtMs: 0,
    changeIndex: historyLooks,
    metrics: [],
    excluded: [],
    prior: 0.1,
    groupWeights: {},
    earliestContinue: 1,
    minCoverage: 1,
  });
  return Math.min(plan.independent, RANKED_SHARE * plan.placebos.length);
}

/** Independent placebos that a p-value as small as α needs: `1 / (K + 1) ≤ α`. */
export function neededPlacebos(alpha: number): number {
  return 1 / alpha - 1;
}

/**
 * The shortest quiet history, in intervals, that could calibrate a watch on placebos; more is needed where movements last longer than a
 * watch.
 *
 * @returns undefined where no history is long enough: so many placebos are never replayed
 * @example historyForPlacebos({ intervalMs: 60_000, plannedLooks: 30, alpha: 0.05 }) // about 630 intervals, half a day
 */
export function historyForPlacebos(watch: PlannedWatch): number | undefined {
  const isEnough = (looks: number): boolean =>
    possiblePlacebos(watch, looks) >= neededPlacebos(watch.alpha) - 1e-9;
  let high = watch.plannedLooks;
  while (!isEnough(high)) {
    if (high >= MOST_INTERVALS) return undefined;
    high *= 2;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
