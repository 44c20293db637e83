import type { Direction } from '../contract.js';

/** y ln(y/m), continued by 0 at y = 0. */
function weightedLogRatio(observed: number, expected: number): number {
  return observed > 0 ? observed * Math.log(observed / expected) : 0;
}

/**
 * How far a ratio of events to a total has moved from its baseline, in standard normal units: the signed root of the
 * two-sample likelihood-ratio statistic (McCullagh & Nelder 1989, section 4.4), which carries the baseline's own
 * uncertainty through `baselineTotal` and stays finite and right at a baseline without events. Binomial where events are a
 * part of the total; Poisson where a ratio exceeds 1 (events per request).
 *
 * @param input.events events since the change, ≥ 0; fractions are allowed (counts divided by a dispersion).
 * @param input.total exposure since the change, ≥ 0, in the unit of `baselineTotal`.
 * @param input.baselineRatio events over total before the change, ≥ 0.
 * @param input.baselineTotal exposure behind `baselineRatio`, ≥ 0.
 * @param input.direction harmful side (default `up`): `down` flips the sign, `both` gives the size alone.
 * @returns about N(0, 1) under no change once some 5 events are expected on both sides (|·| of that for `both`); positive is
 * harmful; 0 when either side has no exposure. Share of |value| > 1.96 simulated at ratio 0.3, exposures after/before 30/30,
 * 10/100, 5/200: 5.9 / 5.8 / 6.9 %; with 1.5 events expected on each side 8.3 %: a score to calibrate, no exact test there.
 * @throws RangeError on a negative or non-finite count.
 * @example signedRootDeviance({ events: 5, total: 1000, baselineRatio: 0, baselineTotal: 10000 }) // 4.9
 */
export function signedRootDeviance(input: {
  readonly events: number;
  readonly total: number;
  readonly baselineRatio: number;
  readonly baselineTotal: number;
  readonly direction?: Direction;
}): number {
  const { events, total, baselineRatio, baselineTotal } = input;
  for (const count of [events, total, baselineRatio, baselineTotal]) {
    if (!(count >= 0 && count < Infinity))
      throw new RangeError(`counts must be finite and at least 0, got ${count}`);
  }
  if (total === 0 || baselineTotal === 0) return 0;
  const baselineEvents = baselineRatio * baselineTotal;
  const pooled = (events + baselineEvents) / (total + baselineTotal);
  const hits =
    weightedLogRatio(events, pooled * total) + weightedLogRatio(baselineEvents, pooled * baselineTotal);
  const isPart = events <= total && baselineRatio <= 1;
  const misses = isPart
    ? weightedLogRatio(total - events, (1 - pooled) * total) +
      weightedLogRatio(baselineTotal - baselineEvents, (1 - pooled) * baselineTotal)
    : 0;
  const root = Math.sqrt(Math.max(0, 2 * (hits + misses)));
  if (root === 0 || input.direction === 'both') return root;
  const isAbove = events / total > baselineRatio;
  return isAbove === (input.direction !== 'down') ? root : -root;
}
