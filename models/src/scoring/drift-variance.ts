import { between, prefixSums } from '../series/prefix-sums.js';

/** Fewer replays say nothing about drift. */
const FEWEST_REPLAYS = 3;
/** Neighbouring replays share half of their watch. */
const STEPS_PER_WATCH = 2;

/**
 * How far the mean of a quiet watch drifts from the stretch before it: seasons, trends and slow noise that the variance of
 * single intervals does not show.
 *
 * @param line history, NaN where missing
 * @param before intervals that a watch is compared with
 * @param looks intervals of a watch
 * @returns mean squared drift, ≥ 0; 0 when the history is too short to see any
 */
export function driftVariance(line: Float64Array, before: number, looks: number): number {
  const sums = prefixSums(line, (value) => value);
  const counts = prefixSums(line, () => 1);
  const mean = (from: number, to: number): number => between(sums, from, to) / between(counts, from, to);
  const step = Math.max(1, Math.floor(looks / STEPS_PER_WATCH));
  let total = 0;
  let replays = 0;
  for (let at = line.length - looks; at >= before; at -= step) {
    const drift = mean(at, at + looks) - mean(at - before, at);
    if (!Number.isFinite(drift)) continue;
    total += drift ** 2;
    replays++;
  }
  return replays < FEWEST_REPLAYS ? 0 : total / replays;
}
