import { median } from '../statistical/quantile.js';

/** What the days of reference say together, step by step. */
export interface ReferenceLine {
  /** Median of the days; NaN where no day has a value. */
  readonly level: Float64Array;
  /** Lowest and highest of the days: what lies between them some day explains. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Most days that speak at one step. */
  readonly days: number;
}

/** Median of the first `count` ascending values. */
function middle(sorted: Float64Array, count: number): number {
  return ((sorted[(count - 1) >> 1] ?? NaN) + (sorted[count >> 1] ?? NaN)) / 2;
}

/** Puts the values that are there in front, ascending, by insertion: there is a handful of days. */
function gather(days: readonly Float64Array[], step: number, column: Float64Array): number {
  let count = 0;
  for (const day of days) {
    const value = day[step] ?? NaN;
    if (Number.isNaN(value)) continue;
    let place = count++;
    for (; place > 0 && (column[place - 1] ?? NaN) > value; place--) column[place] = column[place - 1] ?? NaN;
    column[place] = value;
  }
  return count;
}

/**
 * Joins days of reference into one line. Each day is first moved so that the median of its first `before` steps is 0: days
 * are compared by their course, not by their level.
 *
 * @param days stretches of equal length around the same moment of earlier days; NaN = missing
 * @param before steps of each stretch that lie before the moment
 */
export function referenceLine(days: readonly Float64Array[], before: number, length: number): ReferenceLine {
  const centred = days.flatMap((day) => {
    const centre = median(day.subarray(0, before));
    return Number.isNaN(centre) ? [] : [day.map((value) => value - centre)];
  });
  const level = new Float64Array(length).fill(NaN);
  const low = level.slice();
  const high = level.slice();
  const column = new Float64Array(centred.length);
  let most = 0;
  for (let step = 0; step < length; step++) {
    const count = gather(centred, step, column);
    most = Math.max(most, count);
    if (count === 0) continue;
    level[step] = middle(column, count);
    low[step] = column[0] ?? NaN;
    high[step] = column[count - 1] ?? NaN;
  }
  return { level, low, high, days: most };
}
