/**
 * Centred moving average over `2 · halfWidth + 1` intervals; missing intervals are left out, and an interval of
 * which more than half the neighbourhood is missing stays NaN.
 *
 * @example movingAverage(Float64Array.of(1, 2, 3), 1) // [1.5, 2, 2.5]
 */
export function movingAverage(values: Float64Array, halfWidth: number): Float64Array {
  if (halfWidth === 0) return values;
  const out = new Float64Array(values.length).fill(NaN);
  let sum = 0;
  let count = 0;
  const shift = (index: number, sign: 1 | -1): void => {
    const value = values[index] ?? NaN;
    if (!Number.isFinite(value)) return;
    sum += sign * value;
    count += sign;
  };
  for (let index = -halfWidth; index < values.length; index++) {
    shift(index + halfWidth, 1);
    shift(index - halfWidth - 1, -1);
    if (index >= 0 && count >= Math.min(halfWidth + 1, values.length)) out[index] = sum / count;
  }
  return out;
}
