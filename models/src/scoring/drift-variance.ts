import { quantileSorted } from '../statistical/quantile.js';

/** Fewer replays say nothing about drift. */
const FEWEST_REPLAYS = 3;
/** Incidents that nobody labelled are a minority of the past: a mean square would be theirs alone. */
const TYPICAL_QUANTILE = 0.8;
/** The same quantile of a squared standard normal deviate. */
const NORMAL_SQUARE_QUANTILE = 1.642374415149816;
/** Neighbouring replays share half of their watch. */
const STEPS_PER_WATCH = 2;

/** Shape of the replayed watches, in intervals. */
export interface DriftPlan {
  /** Length of the history. */
  readonly length: number;
  /** Stretch that a watch is compared with. */
  readonly before: number;
  /** Distance between that stretch and the watch. */
  readonly gap: number;
  readonly looks: number;
}

/**
 * How far the level of a quiet watch drifts from the stretch before it: seasons, trends and slow noise that the variance of
 * single intervals does not show.
 *
 * @param level level of the history over `[from, to)`, NaN where nothing was seen
 * @returns variance of the drift of a normal past, ≥ 0; undefined when the history is too short to see any
 */
export function driftVariance(
  plan: DriftPlan,
  level: (from: number, to: number) => number,
): number | undefined {
  const { length, before, gap, looks } = plan;
  const step = Math.max(1, Math.floor(looks / STEPS_PER_WATCH));
  const squares: number[] = [];
  for (let at = length - looks; at >= before + gap; at -= step) {
    const drift = level(at, at + looks) - level(at - gap - before, at - gap);
    if (!Number.isFinite(drift)) continue;
    squares.push(drift ** 2);
  }
  if (squares.length < FEWEST_REPLAYS) return undefined;
  return quantileSorted(Float64Array.from(squares).sort(), TYPICAL_QUANTILE) / NORMAL_SQUARE_QUANTILE;
}
