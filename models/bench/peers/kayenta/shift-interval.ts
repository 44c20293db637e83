import { normalQuantile } from '../../../src/statistical/normal.js';
import { pairwiseDifference } from '../../../src/statistical/pairwise-difference.js';

/** A shift of location with its interval, in the unit of the values. */
export interface ShiftInterval {
  /** Hodges-Lehmann: the median of all differences. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Halvings after which two doubles of any size have met. */
const MOST_HALVINGS = 200;
/** Relative width at which a root is found. */
const TOLERANCE = 1e-12;

/** Standardised rank sum of `x − shift` against `y`, corrected for ties and continuity; both ascending. */
function standardisedRankSum(x: Float64Array, y: Float64Array, shift: number): number {
  const [n, m] = [x.length, y.length];
  let [i, j, above, ties] = [0, 0, 0, 0];
  while (i < n || j < m) {
    const value = Math.min((x[i] ?? Infinity) - shift, y[j] ?? Infinity);
    const [fromX, fromY] = [i, j];
    while (i < n && (x[i] ?? NaN) - shift === value) i += 1;
    while (j < m && y[j] === value) j += 1;
    const tied = i - fromX + j - fromY;
    above += (i - fromX) * (fromY + (j - fromY) / 2);
    ties += tied ** 3 - tied;
  }
  const distance = above - (n * m) / 2;
  const variance = ((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
  return (distance - 0.5 * Math.sign(distance)) / Math.sqrt(variance);
}

/**
 * Where the standardised rank sum, which falls as the shift grows, passes a quantile; an end of the range where it does not
 * within it. It falls in steps, so that this is the step's place.
 */
function passing(x: Float64Array, y: Float64Array, quantile: number): number {
  let low = (x[0] ?? NaN) - (y.at(-1) ?? NaN);
  let high = (x.at(-1) ?? NaN) - (y[0] ?? NaN);
  if (!(standardisedRankSum(x, y, low) > quantile)) return low;
  if (standardisedRankSum(x, y, high) >= quantile) return high;
  for (
    let k = 0;
    k < MOST_HALVINGS && high - low > TOLERANCE * Math.max(Math.abs(low), Math.abs(high));
    k += 1
  ) {
    const middle = low + (high - low) / 2;
    const value = standardisedRankSum(x, y, middle);
    if (value > quantile) low = middle;
    else if (value < quantile) high = middle;
    else return middle;
  }
  return low + (high - low) / 2;
}

/**
 * Interval of the shift of location by inverting the asymptotic rank sum test, with continuity and tie correction, as R's
 * `wilcox.test(x, y, conf.int = TRUE, exact = FALSE)` does and after it Kayenta.
 *
 * @param experiment at least one finite value
 * @param control at least one finite value
 * @param level coverage in (0, 1)
 * @example shiftInterval(Float64Array.of(4, 5, 6), Float64Array.of(1, 2, 3), 0.9).estimate // 3
 */
export function shiftInterval(experiment: Float64Array, control: Float64Array, level: number): ShiftInterval {
  const [x, y] = [experiment.toSorted(), control.toSorted()];
  const first = (x[0] ?? NaN) - (y[0] ?? NaN);
  // All equal on both sides: ranks say nothing of how far, and the only difference there is says all.
  if (x[0] === x.at(-1) && y[0] === y.at(-1)) return { estimate: first, low: first, high: first };
  const quantile = normalQuantile((1 + level) / 2);
  const pairs = x.length * y.length;
  const estimate =
    (pairwiseDifference(y, x, Math.floor((pairs - 1) / 2)) +
      pairwiseDifference(y, x, Math.floor(pairs / 2))) /
    2;
  return { estimate, low: passing(x, y, quantile), high: passing(x, y, -quantile) };
}
