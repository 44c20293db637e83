import type { Counts } from '../series/clean-counts.js';

/** Pairs of neighbouring intervals that a dispersion needs. */
const FEWEST_PAIRS = 10;

/**
 * How much more a ratio's counts vary from one interval to the next than Poisson counts would; slow drifts, which both arms
 * share, do not enter.
 *
 * @returns ≥ 1; 1 when there is too little to tell
 */
export function countDispersion(counts: Counts): number {
  let events = 0;
  let total = 0;
  for (let index = 0; index < counts.totals.length; index++) {
    if (!((counts.totals[index] ?? NaN) > 0)) continue;
    events += counts.events[index] ?? 0;
    total += counts.totals[index] ?? 0;
  }
  if (!(events > 0)) return 1;
  const rate = events / total;
  let sum = 0;
  let pairs = 0;
  for (let index = 1; index < counts.totals.length; index++) {
    const a = counts.totals[index - 1] ?? NaN;
    const b = counts.totals[index] ?? NaN;
    if (!(a > 0 && b > 0)) continue;
    const step = (counts.events[index] ?? 0) / b - (counts.events[index - 1] ?? 0) / a;
    sum += step ** 2 / (rate * (1 / a + 1 / b));
    pairs++;
  }
  return pairs < FEWEST_PAIRS ? 1 : Math.max(1, sum / pairs);
}
