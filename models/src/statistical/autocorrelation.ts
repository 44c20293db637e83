/** Above this the estimate of a short series says little, and (1+φ)/(1−φ) would explode. */
const LARGEST_AUTOCORRELATION = 0.95;
/** Fewer neighbouring pairs tell nothing about dependence. */
const FEWEST_PAIRS = 4;

interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Mean squared deviation, divided by the count. */
  readonly spread: number;
}

function momentsOf(values: ArrayLike<number>): Moments {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if (value !== value) continue;
    count += 1;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
  }
  return { count, mean, spread: count === 0 ? NaN : squares / count };
}

function lagOne(values: ArrayLike<number>, moments: Moments): number {
  let pairs = 0;
  let products = 0;
  let previous = NaN;
  for (let i = 0; i < values.length; i += 1) {
    const deviation = (values[i] ?? NaN) - moments.mean;
    const product = previous * deviation;
    previous = deviation;
    if (product !== product) continue;
    pairs += 1;
    products += product;
  }
  if (pairs < FEWEST_PAIRS || !(moments.spread > 0)) return 0;
  const raw = products / pairs / moments.spread;
  // Marriott & Pope (1954), Kendall (1954): E[φ̂] ≈ φ − (1 + 3φ)/n, solved for φ.
  const corrected = (raw + 1 / moments.count) / Math.max(0.25, 1 - 3 / moments.count);
  return Math.min(LARGEST_AUTOCORRELATION, Math.max(0, corrected));
}

/**
 * Correlation of each value with the one before it. A pair counts when both are there: NaN is a gap, and values on its two
 * sides are not taken for neighbours. Corrected for the small-sample bias −(1 + 3φ)/n (Marriott & Pope 1954, Kendall 1954).
 *
 * @param values in time order.
 * @returns in [0, 0.95]; 0 with fewer than 4 pairs or a constant series. Negative dependence counts as none: it would
 * narrow intervals on the strength of an estimate that is mostly noise.
 * @example lagOneAutocorrelation([1, 2, 1, 2, 1, 2]) // 0: alternation counts as none
 */
export function lagOneAutocorrelation(values: ArrayLike<number>): number {
  return lagOne(values, momentsOf(values));
}

/** Var(mean of n values) / Var(value) of a first-order autoregression, exactly: 1/n without correlation, near 1 with much. */
function varianceShareOfMean(correlation: number, count: number): number {
  const rest = 1 - correlation;
  const ends = (2 * correlation * (1 - correlation ** count)) / (count * rest * rest);
  return ((1 + correlation) / rest - ends) / count;
}

/**
 * Long-run variance: what n autocorrelated values share out over their mean, Var(mean) ≈ longRunVariance / n. Variance ×
 * (1+φ)/(1−φ) of a first-order autoregression, where the variance is corrected for the n values' dependence (without
 * correlation: division by n − 1), since dependent values scatter less about their own mean.
 *
 * @param values in time order; NaN is a gap.
 * @returns ≥ 0 in squared units; NaN with fewer than 2 values.
 * @example longRunVariance([1, 2, 3, 4]) // 1.667: too few pairs to see dependence
 */
export function longRunVariance(values: ArrayLike<number>): number {
  const moments = momentsOf(values);
  if (moments.count < 2) return NaN;
  const correlation = lagOne(values, moments);
  const ownSpread = 1 - varianceShareOfMean(correlation, moments.count);
  return (moments.spread / ownSpread) * ((1 + correlation) / (1 - correlation));
}
