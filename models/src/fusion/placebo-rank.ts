import { withoutIncidents } from '../calibration/incident-limit.js';
import { effectiveSampleSize } from '../statistical/effective-sample-size.js';

/** Full-horizon peaks of the ranking placebos, and how many independent ones they are worth. */
export interface PlaceboRank {
  /** Ascending; all that were ranked, or only the largest of them. */
  readonly peaks: Float64Array;
  /** How many were ranked. */
  readonly of: number;
  /** ≥ 0, at most the number of peaks. */
  readonly effective: number;
}

/**
 * How much the live watch counts among the placebos: half a placebo, as in a mid-rank p-value (Lancaster 1961, "Significance tests in
 * discrete distributions"). Counted in full the rank is exact for few independent placebos only where α is a multiple of 1/(K + 1),
 * and below α elsewhere; overlapping placebos give shares in between, for which the half comes closest to α
 * (`models/bench/false-rollbacks.ts`).
 */
const OWN_SHARE = 0.5;

/** Smallest position in an ascending array whose value is ≥ x. */
function lowerBound(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param peaks full-horizon peaks in time order
 * @param independent watches that fit beside each other into the replayed past: an upper bound that no estimate may pass
 * @param alpha false-rollback rate that is decided at
 */
export function placeboRank(peaks: Float64Array, independent: number, alpha: number): PlaceboRank {
  const quiet = withoutIncidents(peaks, alpha);
  const effective = quiet.length === 0 ? 0 : Math.min(effectiveSampleSize(quiet), independent, quiet.length);
  return { peaks: quiet.sort(), of: quiet.length, effective };
}

/**
 * A smaller rank for those who only ask whether p is as small as `level`: the same p up to there, and more than `level` beyond.
 *
 * @param level in (0, 1)
 */
export function rankUpTo(rank: PlaceboRank, level: number): PlaceboRank {
  const kept = Math.min(rank.peaks.length, Math.floor(level * rank.of) + 1);
  return { ...rank, peaks: rank.peaks.slice(rank.peaks.length - kept) };
}

/**
 * Sequential p-value of a running maximum: its rank among the placebos' full-horizon maxima, `(½ + K·share) / (K + ½)` with
 * K the effective number of placebos, so that overlapping placebos promise no resolution that they do not have. Valid at
 * every look at once, because each placebo had the whole horizon to reach its peak.
 *
 * @returns p in (0, 1]; 1 without placebos or without evidence
 */
export function rankP(rank: PlaceboRank, peak: number): number {
  const { peaks, effective } = rank;
  if (peaks.length === 0 || !(peak > 0)) return 1;
  const share = (peaks.length - lowerBound(peaks, peak)) / rank.of;
  return Math.min(1, (OWN_SHARE + effective * share) / (effective + OWN_SHARE));
}

/** Value that at most a share `alpha` of quiet watches exceeds, with the same care for few placebos; Infinity when there are too few. */
export function rankQuantile(peaks: Float64Array, alpha: number): number {
  const position = Math.ceil((1 - alpha) * (peaks.length + 1)) - 1;
  return position < peaks.length ? (peaks[Math.max(0, position)] ?? Infinity) : Infinity;
}
