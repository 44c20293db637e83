/** Fewer replays say nothing about drift. */
const FEWEST_REPLAYS = 3;
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
 * @returns mean squared drift, ≥ 0; undefined when the history is too short to see any
 */
export function driftVariance(
  plan: DriftPlan,
  level: (from: number, to: number) => number,
): number | undefined {
  const { length, before, gap, looks } = plan;
  const step = Math.max(1, Math.floor(looks / STEPS_PER_WATCH));
  let total = 0;
  let replays = 0;
  for (let at = length - looks; at >= before + gap; at -= step) {
    const drift = level(at, at + looks) - level(at - gap - before, at - gap);
    if (!Number.isFinite(drift)) continue;
    total += drift ** 2;
    replays++;
  }
  return replays < FEWEST_REPLAYS ? undefined : total / replays;
}
