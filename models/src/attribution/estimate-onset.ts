import { lagOneAutocorrelation } from '../statistical/autocorrelation.js';
import { changePosterior, normalised } from './change-posterior.js';
import type { Onset } from './attribution-contract.js';
import { credibleInterval } from './credible-interval.js';

/** Credibility of the interval. */
export const ONSET_LEVEL = 0.9;
/** A shift counts as older than the deployment from this probability on. */
const CLEARLY = 0.95;
/** Share of each posterior that is spread over all places: a metric that moved for another reason must not rule the others out. */
const DOUBT = 0.02;
/** Of the residuals; more would say that a shift is noise. */
const MOST_AUTOCORRELATION = 0.9;

/** A series in which something moved. */
export interface OnsetSeries {
  /** NaN = missing; all series of one call have the same length. */
  readonly values: Float64Array;
  /** > 0. */
  readonly weight: number;
  /** First index at which a shift can begin. */
  readonly first: number;
}

/** Probability of each index of the grid that the shift begins there. */
export interface OnsetEstimate {
  readonly onset: Onset;
  readonly probability: Float64Array;
}

/**
 * When a shift that several metrics show began. Each metric's posterior of its change point enters the logarithmic opinion pool
 * ∏ pᵢ^(wᵢ/Σw) (Genest & Zidek 1986), which is right for metrics that tell the same thing and cautious for independent ones.
 *
 * @param deploymentIndex index at which the deployment took effect (fractions allowed)
 * @param slack intervals before it that samples and clocks may be off
 * @returns undefined where no series shows a variation
 * @example estimateOnset([{ values, weight: 1, first: 0 }], 60, 2)?.onset.at // 57
 */
export function estimateOnset(
  series: readonly OnsetSeries[],
  deploymentIndex: number,
  slack: number,
): OnsetEstimate | undefined {
  const length = series.reduce((most, { values }) => Math.max(most, values.length), 0);
  const logs = new Float64Array(length);
  let total = 0;
  for (const one of series) {
    const own = placesOf(one, length);
    if (own === undefined) continue;
    total += one.weight;
    own.forEach((probability, k) => (logs[k] = (logs[k] ?? 0) + one.weight * Math.log(probability)));
  }
  if (total === 0) return undefined;
  const probability = normalised(logs.map((log) => log / total));
  let before = 0;
  for (let k = 0; k + 1 <= deploymentIndex - slack && k < length; k++) before += probability[k] ?? 0;
  return {
    probability,
    onset: {
      ...credibleInterval(probability, ONSET_LEVEL),
      level: ONSET_LEVEL,
      beforeProbability: Math.min(1, before),
      beforeDeployment: before >= CLEARLY,
    },
  };
}

function placesOf({ values, first }: OnsetSeries, length: number): Float64Array | undefined {
  const rough = changePosterior(values, { first, autocorrelation: 0 });
  if (rough === undefined) return undefined;
  const at = rough.first + rough.probability.indexOf(Math.max(...rough.probability));
  const autocorrelation = Math.min(MOST_AUTOCORRELATION, lagOneAutocorrelation(flattened(values, at)));
  const fine = changePosterior(values, { first, autocorrelation });
  if (fine === undefined) return undefined;
  const spread = DOUBT / length;
  const out = new Float64Array(length).fill(spread);
  fine.probability.forEach((p, i) => (out[fine.first + i] = spread + (1 - DOUBT) * p));
  return out;
}

/** The series with each side of a change about its own mean. */
function flattened(values: Float64Array, change: number): Float64Array {
  const mean = (part: Float64Array): number => {
    const seen = part.filter((value) => !Number.isNaN(value));
    return seen.reduce((sum, value) => sum + value, 0) / seen.length;
  };
  const before = mean(values.subarray(0, change));
  const after = mean(values.subarray(change));
  return values.map((value, k) => value - (k < change ? before : after));
}
