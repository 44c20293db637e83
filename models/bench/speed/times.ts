import { quantileSorted } from 'simple-statistics';

/** A quantile of times, in their unit; NaN without any. */
export function quantileOf(times: readonly number[], p: number): number {
  return times.length === 0
    ? NaN
    : quantileSorted(
        times.toSorted((a, b) => a - b),
        p,
      );
}

/** Median and 99th percentile. */
export function middleAndTail(times: readonly number[], digits = 2): string {
  return `${quantileOf(times, 0.5).toFixed(digits)} / ${quantileOf(times, 0.99).toFixed(digits)}`;
}
