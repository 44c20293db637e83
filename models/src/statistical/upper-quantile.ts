/** A quantile of values as they come, and what no longer matters to it. */
export interface UpperQuantile {
  /** Any value up to this may be added in place of any other: it will not be heard of again. */
  least(): number;
  add(value: number): void;
  /** Of all values; NaN when there were to be none. */
  value(): number;
}

/** Moves the value at the root of a heap down to its place. */
function sink(heap: Float64Array): void {
  const value = heap[0] ?? NaN;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const child = (heap[left + 1] ?? Infinity) < (heap[left] ?? Infinity) ? left + 1 : left;
    const below = heap[child] ?? Infinity;
    if (below >= value) break;
    heap[place] = below;
    place = child;
  }
  heap[place] = value;
}

/**
 * An upper quantile of a known number of values, by linear interpolation as `quantileSorted` (type 7 of Hyndman & Fan, 1996), that keeps
 * only those that can reach it: a heap of the largest, a fraction of a sort's cost.
 *
 * @param p in [0, 1]
 * @param count how many values will be added, each ≥ 0
 * @example upperQuantile(0.95, 1000) // keeps 51 values
 */
export function upperQuantile(p: number, count: number): UpperQuantile {
  const below = Math.floor((count - 1) * p);
  const share = (count - 1) * p - below;
  // Zeros stand for what has not been added yet.
  const heap = new Float64Array(count > 0 ? count - below : 0);
  return {
    least: () => heap[0] ?? Infinity,
    add(value) {
      if (!(value > (heap[0] ?? Infinity))) return;
      heap[0] = value;
      sink(heap);
    },
    value() {
      const low = heap[0] ?? NaN;
      if (share === 0) return low;
      const high = Math.min(heap[1] ?? low, heap[2] ?? Infinity);
      return low === high ? low : low + share * (high - low);
    },
  };
}
