import type { HistogramPoint } from './histogram-point.js';

/** Bounds of one histogram that are remembered at most; a histogram has a few dozen. */
const MOST_BOUNDS = 1_000;

/** What is remembered of a histogram whose empty buckets are left out. */
export interface HistogramState {
  /** Its last one. */
  readonly point: HistogramPoint;
  /** Every bound that was ever filled. */
  readonly bounds: ReadonlySet<number>;
}

/** The state after another point; a late one changes nothing. */
export function afterPoint(before: HistogramState | undefined, point: HistogramPoint): HistogramState {
  if (before !== undefined && before.point.timeMs > point.timeMs) return before;
  const bounds = new Set([...(before?.bounds ?? []), ...point.upTo.map(({ bound }) => bound)]);
  return { point, bounds: bounds.size <= MOST_BOUNDS ? bounds : new Set() };
}
