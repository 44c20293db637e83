import type { Direction } from '../contract.js';
import { cleanGauge } from '../series/clean-gauge.js';
import { fitTransform, forwardAll } from '../series/transform.js';
import { medianAbsoluteDeviation, median } from '../statistical/quantile.js';
import type { StoredValues } from './attribution-contract.js';

/** Further from the middle nothing is told apart, and squares stay finite. */
const LARGEST = 1e9;
/** Values further than this many noise scales from the middle count as that far: one wild value must not hide where a shift begins. */
const FARTHEST = 12;
/** Neighbouring differences of independent noise scatter √2 times as much as the noise. */
const DIFFERENCE_SPREAD = Math.SQRT2;
/** A season is taken out only when that leaves less than this share of the scatter. */
const WORTHWHILE = 0.9;

/** Stored values → numbers; what no metric can mean is missing. */
export function numbersOf(values: StoredValues): Float64Array {
  return cleanGauge(Float64Array.from(values, (value) => value ?? NaN));
}

/**
 * Puts a series on a scale where equal ratios are equally far apart (logarithm; linear where values are negative).
 * @param change index of the change: the scale is chosen from what came before it alone
 * @returns the scale, for others that are compared with it; undefined when nothing was seen before the change
 */
export function commonScale(
  values: Float64Array,
  change: number,
): ((values: Float64Array) => Float64Array) | undefined {
  const positive = values.filter((value) => value > 0);
  const zeroUnit = positive.length > 0 ? median(positive) : 1;
  const transform = fitTransform(values.subarray(0, change), zeroUnit);
  if (transform === undefined) return undefined;
  return (series) =>
    forwardAll(transform, series).map((value) =>
      Number.isNaN(value) ? value : Math.min(LARGEST, Math.max(-LARGEST, value)),
    );
}

/** The same with `expected` taken off, where that makes the time before the change quieter. */
export function withoutSeason(values: Float64Array, expected: Float64Array, change: number): Float64Array {
  const rest = values.map((value, k) => value - (expected[k] ?? NaN));
  const before = medianAbsoluteDeviation(values.subarray(0, change));
  const after = medianAbsoluteDeviation(rest.subarray(0, change));
  const isWhole = rest.every((value, k) => Number.isNaN(value) === Number.isNaN(values[k] ?? NaN));
  return isWhole && after < WORTHWHILE * before ? rest : values;
}

/** Turned so that harm goes up. `both` goes by the way in which it moved: the mean from `change` on against the mean before. */
export function oriented(values: Float64Array, direction: Direction, change: number): Float64Array {
  const isDown =
    direction === 'down' ||
    (direction === 'both' && meanOf(values, change, values.length) < meanOf(values, 0, change));
  return isDown ? values.map((value) => -value) : values;
}

/** Mean over `[from, to)`, NaN left out; NaN when nothing was seen. */
export function meanOf(values: Float64Array, from: number, to: number): number {
  let [sum, count] = [0, 0];
  for (let k = Math.max(0, from); k < to; k++) {
    const value = values[k] ?? NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? NaN : sum / count;
}

/** Draws wild values in, as seen from the middle of the time before the change. */
export function tamed(values: Float64Array, change: number): Float64Array {
  const middle = median(values.subarray(0, change));
  const differences = values.map((value, k) => value - (values[k - 1] ?? NaN));
  const noise = Math.max(
    medianAbsoluteDeviation(differences) / DIFFERENCE_SPREAD,
    medianAbsoluteDeviation(values.subarray(0, change)),
  );
  if (!(noise > 0)) return values;
  const reach = FARTHEST * noise;
  return values.map((value) =>
    Number.isNaN(value) ? value : Math.min(middle + reach, Math.max(middle - reach, value)),
  );
}
