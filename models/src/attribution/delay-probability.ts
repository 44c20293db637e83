/**
 * How long after a deployment its harm begins: half of it with the first interval that has it, a third while a rollout or a cache goes
 * on, the rest as leaks and schedules come to light. The benchmark `bench/attribution.ts` compares culprits found with these.
 */
const DELAYS = [
  { share: 0.5, meanIntervals: 1, meanMs: 0 },
  { share: 0.3, meanIntervals: 0, meanMs: 300_000 },
  { share: 0.2, meanIntervals: 0, meanMs: 3_600_000 },
] as const;
/** Chance that samples or clocks place the harm of a deployment one interval before it. */
const EARLY = 0.02;
/** No place is impossible: clocks lie. */
const LEAST = 1e-6;

/**
 * Probability that the harm of a deployment begins in each interval of a grid.
 *
 * @param beganAt where its steps took effect, in intervals from the grid's start (fractions and negative values allowed); each step is as
 * likely to bring it
 * @param count intervals of the grid
 * @returns adds up to 1 or less: harm may begin outside the grid
 * @example delayProbability([2], 4, 60_000)[2] // the largest
 */
export function delayProbability(
  beganAt: readonly number[],
  count: number,
  intervalMs: number,
): Float64Array {
  const out = new Float64Array(count).fill(LEAST);
  for (const began of beganAt)
    for (let k = 0; k < count; k++) {
      const early = k === Math.floor(began) - 1 ? EARLY : 0;
      const mass =
        (1 - EARLY) * (reached(k + 1 - began, intervalMs) - reached(k - began, intervalMs)) + early;
      out[k] = (out[k] ?? 0) + mass / beganAt.length;
    }
  return out;
}

/** Probability that harm has begun so many intervals after the deployment. */
function reached(intervals: number, intervalMs: number): number {
  if (intervals <= 0) return 0;
  return DELAYS.reduce((sum, { share, meanIntervals, meanMs }) => {
    const mean = meanIntervals + meanMs / intervalMs;
    return sum - share * Math.expm1(-intervals / mean);
  }, 0);
}
