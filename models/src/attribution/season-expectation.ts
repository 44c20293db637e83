import { movingAverage } from '../series/moving-average.js';
import { median } from '../statistical/quantile.js';

/** Fewer earlier days are no season. */
const FEWEST_DAYS = 2;
const MOST_DAYS = 7;
/** Half the width over which a day is smoothed, so that its noise is not taken for season; intervals. */
const HALF_WIDTH = 7;

/**
 * What the same time on earlier days lets expect: the middle of up to seven days' moving averages.
 *
 * @param history values up to the change, NaN = missing
 * @param from first index wanted, counted from the history's start; may lie after its end
 * @param count how many
 * @param day intervals a day; a fraction has no season
 * @returns undefined where the history is shorter than two days before `from`
 */
export function seasonExpectation(
  history: Float64Array,
  from: number,
  count: number,
  day: number,
): Float64Array | undefined {
  if (!Number.isInteger(day) || from < FEWEST_DAYS * day) return undefined;
  const smooth = movingAverage(history, HALF_WIDTH);
  return Float64Array.from({ length: count }, (_, i) => {
    const earlier: number[] = [];
    for (let back = 1; back <= MOST_DAYS; back++) {
      const value = smooth[from + i - back * day] ?? NaN;
      if (!Number.isNaN(value)) earlier.push(value);
    }
    return earlier.length < FEWEST_DAYS ? NaN : median(earlier);
  });
}
