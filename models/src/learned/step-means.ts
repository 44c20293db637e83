/**
 * Means of consecutive steps of equal width; missing intervals are left out of their step.
 *
 * @param values series on one grid; NaN and infinities count as missing
 * @param from index of the first interval of the first step; may lie outside the series
 * @param width intervals a step, ≥ 1
 * @param steps how many steps
 * @returns one mean a step; NaN where a step holds no value
 * @example stepMeans(Float64Array.of(1, 3, NaN, 5), 0, 2, 2) // 2, 5
 */
export function stepMeans(values: Float64Array, from: number, width: number, steps: number): Float64Array {
  const means = new Float64Array(steps).fill(NaN);
  for (let step = 0; step < steps; step++) {
    let sum = 0;
    let seen = 0;
    const start = from + step * width;
    for (let index = Math.max(0, start); index < start + width; index++) {
      const value = values[index] ?? NaN;
      if (!Number.isFinite(value)) continue;
      sum += value;
      seen++;
    }
    if (seen > 0) means[step] = sum / seen;
  }
  return means;
}
