import { median, quantileSorted } from '../statistical/quantile.js';
import { logRatio } from './sample-features.js';
import { squash } from './squash.js';
import { sortedSeen } from './two-samples.js';
import { STEPS } from './window-shape.js';

/** Steps that count as the latest ones. */
const LATEST = 5;
/** Longest run and slopes are read against this quantile of what was before. */
const HIGH = 0.9;
/** Swings are read against this quantile of their sizes before. */
const TYPICAL = 0.75;
/** Variance below which a sequence counts as constant, standard units squared. */
const CONSTANT = 1e-6;

/** Least-squares slope times the number of steps: how far the line climbs over the stretch. */
function climb(line: Float64Array, steps: number): number {
  let [n, t, v, tt, tv] = [0, 0, 0, 0, 0];
  for (let step = 0; step < steps; step++) {
    const value = line[step] ?? NaN;
    if (Number.isNaN(value)) continue;
    n++;
    t += step;
    v += value;
    tt += step * step;
    tv += step * value;
  }
  const spread = n * tt - t * t;
  return spread > 0 ? ((n * tv - t * v) / spread) * steps : 0;
}

/** Correlation of neighbouring steps; 0 where nothing varies. */
function neighbourCorrelation(line: Float64Array): number {
  const seen = line.filter((value) => !Number.isNaN(value));
  const mean = seen.reduce((sum, value) => sum + value, 0) / Math.max(1, seen.length);
  let products = 0;
  let squares = 0;
  let previous = NaN;
  for (const value of line) {
    const deviation = value - mean;
    if (!Number.isNaN(deviation)) squares += deviation * deviation;
    const product = previous * deviation;
    if (!Number.isNaN(product)) products += product;
    previous = deviation;
  }
  return squares > CONSTANT ? products / squares : 0;
}

/** Mean size of the steps from one value to the next. */
function roughness(line: Float64Array): number {
  let sum = 0;
  let pairs = 0;
  for (let step = 1; step < line.length; step++) {
    const move = Math.abs((line[step] ?? NaN) - (line[step - 1] ?? NaN));
    if (Number.isNaN(move)) continue;
    sum += move;
    pairs++;
  }
  return pairs === 0 ? 0 : sum / pairs;
}

/** Largest standardised sum over stretches that end with the latest step: an onset that is not known. */
function suffixScan(line: Float64Array, centre: number): number {
  let best = 0;
  let sum = 0;
  let seen = 0;
  for (let step = line.length - 1; step >= 0; step--) {
    const value = line[step] ?? NaN;
    if (Number.isNaN(value)) continue;
    sum += value - centre;
    seen++;
    best = Math.max(best, sum / Math.sqrt(seen));
  }
  return best;
}

/** 1/√n, because the scan over all stretches asks for it most. */
const INVERSE_ROOTS = new Float64Array(STEPS + 1).map((_, count) => 1 / Math.sqrt(count));

/** Largest standardised sum over all stretches of measured steps, so that what has passed is not forgotten. */
function segmentScan(seen: Float64Array, of: (value: number) => number): number {
  const sums = new Float64Array(seen.length + 1);
  for (let step = 0; step < seen.length; step++) sums[step + 1] = (sums[step] ?? 0) + of(seen[step] ?? NaN);
  let best = 0;
  for (let from = 0; from < seen.length; from++) {
    const start = sums[from] ?? 0;
    for (let to = from + 1; to <= seen.length; to++) {
      const scan = ((sums[to] ?? 0) - start) * (INVERSE_ROOTS[to - from] ?? 0);
      if (scan > best) best = scan;
    }
  }
  return best;
}

function longestRun(line: Float64Array, limit: number): number {
  let longest = 0;
  let run = 0;
  for (const value of line) {
    if (Number.isNaN(value)) continue;
    run = value > limit ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function medianOr0(values: Float64Array): number {
  return median(values) || 0;
}

/**
 * Features of the course in time, in the order of `COURSE_FEATURES`.
 *
 * @param before line before the change in standard units; NaN = missing
 * @param after line after it, cut to what has happened
 */
export function courseFeatures(before: Float64Array, after: Float64Array): readonly number[] {
  const sorted = sortedSeen(before);
  const seenAfter = after.filter((value) => !Number.isNaN(value));
  if (sorted.length === 0 || seenAfter.length === 0) return [0, 0, 0, 0, 0, 0, 0, 0, 0];
  const centre = quantileSorted(sorted, 0.5);
  const quiet = quantileSorted(sorted.map((value) => Math.abs(value - centre)).sort(), TYPICAL);
  const half = seenAfter.length >> 1;
  const lateMove =
    half === 0 ? 0 : medianOr0(seenAfter.subarray(half)) - medianOr0(seenAfter.subarray(0, half));
  return [
    squash(climb(after, after.length) - (climb(before, before.length) * after.length) / before.length),
    squash(lateMove),
    squash(medianOr0(seenAfter.subarray(-LATEST)) - centre),
    squash(suffixScan(after, centre)),
    squash(segmentScan(seenAfter, (value) => value - centre)),
    squash(segmentScan(seenAfter, (value) => Math.abs(value - centre) - quiet)),
    neighbourCorrelation(after) - neighbourCorrelation(before),
    logRatio(roughness(after), roughness(before)),
    longestRun(after, quantileSorted(sorted, HIGH)) / seenAfter.length,
  ];
}
