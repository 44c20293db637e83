/** Running sums `[0, f(v₀), f(v₀)+f(v₁), …]`, so that any stretch is summed by one subtraction; NaN counts as 0. */
export function prefixSums(values: Float64Array, weigh: (value: number) => number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  let total = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN;
    if (!Number.isNaN(value)) total += weigh(value);
    sums[index + 1] = total;
  }
  return sums;
}

/** Sum over `[from, to)` of a series whose prefix sums are given. */
export function between(sums: Float64Array, from: number, to: number): number {
  return (sums[to] ?? 0) - (sums[from] ?? 0);
}
