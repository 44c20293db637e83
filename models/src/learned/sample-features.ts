import { quantileSorted } from '../statistical/quantile.js';
import { squash } from './squash.js';
import { dominance, energyDistance, moments, quartileRange, shareAbove } from './two-samples.js';

/** Spreads below this many standard units are as good as none; keeps logarithms of their ratios finite. */
const SPREAD_FLOOR = 0.1;
/** Distances count up to this many standard units. */
const CLIP = 30;

export function logRatio(after: number, before: number): number {
  return Math.log((Math.min(CLIP, after) + SPREAD_FLOOR) / (Math.min(CLIP, before) + SPREAD_FLOOR));
}

/** The value that `rank − 1` others exceed, or the smallest. */
function fromTop(sorted: Float64Array, rank: number): number {
  return sorted[Math.max(0, sorted.length - rank)] ?? NaN;
}

/**
 * Features of two samples in standard units, in the order of `SAMPLE_FEATURES`, whatever their order in time.
 *
 * @param before ascending
 * @param after ascending
 * @returns zeros when one of them is empty
 */
export function sampleFeatures(before: Float64Array, after: Float64Array): readonly number[] {
  if (before.length === 0 || after.length === 0) return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const [a, b] = [moments(after), moments(before)];
  const quantileShift = (p: number): number => quantileSorted(after, p) - quantileSorted(before, p);
  const size = Math.sqrt((before.length * after.length) / (before.length + after.length));
  const pooled = Math.hypot(a.deviation, b.deviation) / Math.SQRT2 + SPREAD_FLOOR;
  return [
    squash(quantileShift(0.5)),
    squash(a.mean - b.mean),
    squash(((a.mean - b.mean) / pooled) * size),
    dominance(before, after),
    logRatio(quartileRange(after), quartileRange(before)),
    logRatio(a.deviation, b.deviation),
    squash(quantileShift(0.9)),
    squash(quantileShift(0.1)),
    Math.min(Math.sqrt(CLIP), energyDistance(before, after)),
    shareAbove(after, quantileSorted(before, 0.95)),
    squash(fromTop(after, 1) - fromTop(before, 1)),
    squash(fromTop(after, 3) - fromTop(before, 3)),
  ];
}
