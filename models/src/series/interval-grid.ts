/** Equal intervals `[startMs + k·intervalMs, startMs + (k+1)·intervalMs)`, k = 0 … count−1, in event time. */
export interface IntervalGrid {
  readonly startMs: number;
  readonly intervalMs: number;
  readonly count: number;
}

/** Index of the interval that holds an instant; may lie outside `[0, count)`. */
export function intervalOf(grid: IntervalGrid, timeMs: number): number {
  return Math.floor((timeMs - grid.startMs) / grid.intervalMs);
}
