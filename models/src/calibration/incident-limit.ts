import { quantileSorted } from '../statistical/quantile.js';

/** The bulk that the tail is extended from: incidents in up to a fifth of the placebos cannot bend it. */
const LOWER = 0.4;
const UPPER = 0.8;
/** A placebo beyond what the bulk's own tail reaches this rarely is taken for an incident that nobody labelled; never nearly as often as α. */
const RARE = 0.002;
const RARE_PER_ALPHA = 1 / 20;
/** α of those who ask for levels, not for p-values. */
const COMMON_ALPHA = 0.05;
/** More than this share is no exception but how the metric behaves, and stays. */
const MOST_INCIDENTS = 0.15;
/** Fewer peaks have no bulk. */
const FEWEST = 20;

/** Exceedances of a share p count like −ln(1 − p), as those of a maximum over many looks do. */
function rate(share: number): number {
  return -Math.log(share);
}

/**
 * The peak beyond which a placebo is taken for an incident that nobody labelled: the bulk's Pareto tail, fitted between two of its
 * quantiles (Pickands 1975, "Statistical inference using extreme order statistics", with quantiles in place of order statistics),
 * carried on to a rare one. Heavy tails carry far and lose nothing; what stands apart from its own bulk is cut.
 *
 * @param peaks full-horizon peaks of placebos, any order, NaN left out
 * @param alpha false-rollback rate that the peaks decide at: the smaller, the further the tail that stays
 * @returns Infinity when nothing stands apart, or too much of it does
 */
export function incidentLimit(peaks: Float64Array, alpha = COMMON_ALPHA): number {
  const sorted = peaks.filter((peak) => !Number.isNaN(peak)).sort();
  const [low, high] = [quantileSorted(sorted, LOWER), quantileSorted(sorted, UPPER)];
  if (sorted.length < FEWEST || !(low > 0)) return Infinity;
  const tailIndex = Math.log(high / low) / Math.log(rate(LOWER) / rate(UPPER));
  const limit = high * (rate(UPPER) / Math.min(RARE, RARE_PER_ALPHA * alpha)) ** tailIndex;
  const beyond = sorted.filter((peak) => peak > limit).length;
  return beyond > MOST_INCIDENTS * sorted.length ? Infinity : limit;
}

/** The peaks without those of unlabelled incidents and without NaN, in their order. */
export function withoutIncidents(peaks: Float64Array, alpha = COMMON_ALPHA): Float64Array {
  const limit = incidentLimit(peaks, alpha);
  return peaks.filter((peak) => peak <= limit);
}
