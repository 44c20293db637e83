import type { MetricPlot } from '../domain/evidence.js';

/** Lowest and highest value of an axis; low < high. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Values of a metric; a stored gap is null. */
type Values = readonly (number | null)[];

/** The range widened to hold every finite value: a plain loop, because this runs over every sample of every plot. */
function widened(start: Range, values: Values): Range {
  let { low, high } = start;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function rangeOf(arrays: readonly Values[]): Range | undefined {
  const range = arrays.reduce(widened, { low: Infinity, high: -Infinity });
  return range.low <= range.high ? range : undefined;
}

/** Zero belongs on the axis of a positive metric as soon as it is near: a bar that starts elsewhere exaggerates. */
const zeroIsNear = 0.6;

/**
 * The vertical range of a metric's plot: all samples and expectations; of the band and of the limits only as much as does not squeeze
 * these (one time their span on either side). Starts at zero when that is near.
 * @param limits absolute limits that the user set, in the metric's unit
 */
export function plotRange(plot: MetricPlot, limits: readonly number[]): Range {
  const core = rangeOf([plot.live, plot.control ?? [], plot.expected]) ??
    rangeOf([plot.low, plot.high, limits]) ?? { low: 0, high: 1 };
  const span = core.high - core.low || Math.abs(core.high) * 0.2 || 1;
  const wide = rangeOf([[core.low, core.high], plot.low, plot.high, limits]) ?? core;
  const low = Math.max(wide.low, core.low - span);
  const high = Math.min(wide.high, core.high + span);
  const pad = Math.max(high - low, span) * 0.06;
  const floor = low >= 0 && low < high * zeroIsNear ? 0 : low - pad;
  return { low: floor, high: high + pad };
}
