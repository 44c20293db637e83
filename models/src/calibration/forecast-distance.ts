/**
 * How far the mean of a watch lies from the mean of what was forecast for it: scans judge means over stretches, in which noise
 * averages out and a forecast that lags behind a wave does not.
 *
 * @param values transformed series
 * @param at first interval of the watch
 * @param forecast by interval since `at`, NaN where it is silent
 * @returns ≥ 0; NaN when half of it or more cannot be compared
 */
export function forecastDistance(values: Float64Array, at: number, forecast: Float64Array): number {
  let sum = 0;
  let seen = 0;
  for (let index = 0; index < forecast.length; index++) {
    const distance = (values[at + index] ?? NaN) - (forecast[index] ?? NaN);
    if (Number.isNaN(distance)) continue;
    sum += distance;
    seen++;
  }
  return seen * 2 <= forecast.length ? NaN : Math.abs(sum / seen);
}
