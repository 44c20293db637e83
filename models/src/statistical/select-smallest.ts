function swap(values: Float64Array, i: number, j: number): void {
  const held = values[i] ?? NaN;
  values[i] = values[j] ?? NaN;
  values[j] = held;
}

/** Puts the median of the first, middle and last value first, so that sorted input costs no more than random input. */
function choosePivot(values: Float64Array, from: number, to: number): number {
  const middle = (from + to) >> 1;
  const [first, centre, last] = [values[from] ?? NaN, values[middle] ?? NaN, values[to] ?? NaN];
  const pivot = Math.max(Math.min(first, centre), Math.min(Math.max(first, centre), last));
  if (pivot === centre) swap(values, from, middle);
  else if (pivot === last) swap(values, from, to);
  return pivot;
}

/** Hoare's partition: returns an index with everything up to it ≤ pivot ≤ everything after it. */
function partition(values: Float64Array, from: number, to: number): number {
  const pivot = choosePivot(values, from, to);
  let i = from - 1;
  let j = to + 1;
  for (;;) {
    do i += 1;
    while ((values[i] ?? NaN) < pivot);
    do j -= 1;
    while ((values[j] ?? NaN) > pivot);
    if (i >= j) return j;
    swap(values, i, j);
  }
}

/**
 * The value that sorting would put at `order`, by reordering `values` in place only as far as needed: smaller ones end up
 * before it, larger ones after (Hoare 1961, "Algorithm 65: Find"). Expected cost linear, a fraction of a sort's.
 *
 * @param values not empty, without NaN.
 * @param order in [0, length).
 * @example selectSmallest(Float64Array.of(5, 1, 3), 1) // 3
 */
export function selectSmallest(values: Float64Array, order: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const last = partition(values, from, to);
    if (order <= last) to = last;
    else from = last + 1;
  }
  return values[order] ?? NaN;
}
