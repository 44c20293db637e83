import type { MetricPlot } from '../domain/evidence.js';

/** History is drawn for at least this many intervals, and for at least twice as long as the change has lasted. */
const leastHistory = 24;

/** The part of a plot that shows the change: a long history would squeeze the first minutes after it into a corner. */
export function focusPlot(
  plot: MetricPlot | undefined,
  changeAtMs: number | undefined,
): MetricPlot | undefined {
  if (plot === undefined || changeAtMs === undefined) return plot;
  const history = Math.round((changeAtMs - plot.fromMs) / plot.intervalMs);
  const after = Math.max(plot.live.length, plot.expected.length) - history;
  const cut = Math.max(0, history - Math.max(leastHistory, 2 * after));
  if (cut === 0) return plot;
  const { control } = plot;
  return {
    ...plot,
    fromMs: plot.fromMs + cut * plot.intervalMs,
    live: plot.live.slice(cut),
    expected: plot.expected.slice(cut),
    low: plot.low.slice(cut),
    high: plot.high.slice(cut),
    ...(control === undefined ? {} : { control: control.slice(cut) }),
  };
}
