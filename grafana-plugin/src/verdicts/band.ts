import type { ReportPlot } from './wire.js';

/** A metric's expectation on its own grid: times in milliseconds, values in the metric's unit, null where nothing was expected. */
export interface Band {
  readonly timesMs: readonly number[];
  readonly expected: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** The band of a plot; its lines are made equally long, so that a plot that was cut short still draws. */
export function bandOf(plot: ReportPlot): Band {
  const length = Math.max(plot.live.length, plot.expected.length, plot.low.length, plot.high.length);
  const fromMs = Date.parse(plot.from);
  const even = (values: readonly (number | null)[]) =>
    Array.from({ length }, (_, index) => values[index] ?? null);
  return {
    timesMs: Array.from({ length }, (_, index) => fromMs + (index + 0.5) * plot.intervalMs),
    expected: even(plot.expected),
    low: even(plot.low),
    high: even(plot.high),
  };
}
