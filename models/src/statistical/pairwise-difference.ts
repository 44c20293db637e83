interface Split {
  /** Differences ≤ the probe. */
  readonly count: number;
  /** Largest difference ≤ the probe, −Infinity when there is none. */
  readonly below: number;
  /** Smallest difference > the probe, Infinity when there is none. */
  readonly above: number;
}

/** One walk down the staircase that the probe cuts through the sorted difference matrix. */
function splitAt(x: Float64Array, y: Float64Array, probe: number): Split {
  let count = 0;
  let below = -Infinity;
  let above = Infinity;
  let j = 0;
  // y[k] − x[i] ≤ probe holds for a longer prefix of y as x[i] grows.
  for (const origin of x) {
    while (j < y.length && (y[j] ?? NaN) - origin <= probe) j += 1;
    count += j;
    if (j > 0) below = Math.max(below, (y[j - 1] ?? NaN) - origin);
    if (j < y.length) above = Math.min(above, (y[j] ?? NaN) - origin);
  }
  return { count, below, above };
}

/**
 * The difference y[j] − x[i] at a place in the order of all |x|·|y| of them, without forming them: bisection on the value,
 * with the ends moved to real differences so that it stops on one exactly.
 *
 * @param x ascending, finite, not empty.
 * @param y ascending, finite, not empty.
 * @param order 0 for the smallest … |x|·|y| − 1 for the largest.
 * @returns that difference; cost (|x| + |y|) a step, about as many steps as the answer has bits (some 50 at most in practice).
 * @example pairwiseDifference(Float64Array.of(0, 1), Float64Array.of(5, 9), 0) // 4
 */
export function pairwiseDifference(x: Float64Array, y: Float64Array, order: number): number {
  let low = (y[0] ?? NaN) - (x[x.length - 1] ?? NaN);
  let high = (y[y.length - 1] ?? NaN) - (x[0] ?? NaN);
  while (low < high) {
    const middle = low + (high - low) / 2;
    // Between neighbouring doubles the middle may round up to high, which would not move an end.
    const { count, below, above } = splitAt(x, y, middle < high ? middle : low);
    if (count > order) high = below;
    else low = above;
  }
  return low;
}
