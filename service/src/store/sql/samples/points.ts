/** Points of one series, times ascending without duplicates. */
export interface Points {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Points by time, in no order: what is cheap to change. */
export type PointMap = Map<number, number>;

export function toPoints(map: ReadonlyMap<number, number>): Points {
  const timesMs = Float64Array.from(map.keys()).sort();
  return { timesMs, values: timesMs.map((timeMs) => map.get(timeMs) ?? 0) };
}

/** Both, ascending; where both have a point at the same time `later` wins. */
export function mergePoints(earlier: Points, later: Points): Points {
  if (later.timesMs.length === 0) return earlier;
  if (earlier.timesMs.length === 0) return later;
  const size = earlier.timesMs.length + later.timesMs.length;
  const timesMs = new Float64Array(size);
  const values = new Float64Array(size);
  let at = 0;
  let left = 0;
  let right = 0;
  while (left < earlier.timesMs.length || right < later.timesMs.length) {
    const leftMs = earlier.timesMs[left] ?? Infinity;
    const rightMs = later.timesMs[right] ?? Infinity;
    const takeLater = rightMs <= leftMs;
    timesMs[at] = takeLater ? rightMs : leftMs;
    values[at] = (takeLater ? later.values[right] : earlier.values[left]) ?? 0;
    at += 1;
    if (leftMs <= rightMs) left += 1;
    if (takeLater) right += 1;
  }
  return { timesMs: timesMs.subarray(0, at), values: values.subarray(0, at) };
}

/** Points with `fromMs <= time < toMs`, without copying. */
export function slicePoints(points: Points, fromMs: number, toMs: number): Points {
  const from = firstAtOrAfter(points.timesMs, fromMs);
  const to = firstAtOrAfter(points.timesMs, toMs);
  return { timesMs: points.timesMs.subarray(from, to), values: points.values.subarray(from, to) };
}

/** Index of the first time that is not before `timeMs`. */
function firstAtOrAfter(timesMs: Float64Array, timeMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? Infinity) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
