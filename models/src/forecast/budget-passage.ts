import type { BurnRateWindow } from '../contract.js';
import { between, prefixSums } from '../series/prefix-sums.js';
import type { RandomSource } from '../statistical/random.js';
import { drawTrend } from './first-passage.js';
import type { Trend } from './trend.js';

/** The error budget of a ratio and what was counted of it since the warm-up. */
export interface Budget {
  readonly objective: number;
  readonly windows: readonly BurnRateWindow[];
  readonly fewestEvents: number;
  /** Ratio by interval since the warm-up, 0 where none is known. */
  readonly ratios: Float64Array;
  /** Requests of a typical interval. */
  readonly typicalTotal: number;
}

/** Running sums of the ratios, seen and still to come, so that a window's mean is one subtraction. */
function passage(budget: Budget, trend: Trend, most: number, random: RandomSource): number {
  const { ratios, windows, objective, fewestEvents, typicalTotal } = budget;
  const drawn = drawTrend(trend, random);
  const seen = ratios.length;
  const line = new Float64Array(seen + most);
  line.set(ratios);
  for (let ahead = 1; ahead <= most; ahead++)
    line[seen + ahead - 1] = Math.min(1, Math.max(0, drawn.lineAt(ahead)));
  const sums = prefixSums(line, (value) => value);
  const sumOver = (to: number, looks: number): number => between(sums, Math.max(0, to - looks), to);
  for (let to = seen + 1; to <= seen + most; to++) {
    const isPassed = windows.some(({ limit, longLooks, shortLooks }) => {
      const spent = sumOver(to, longLooks);
      const allowed = limit * (1 - objective);
      return (
        spent > allowed * longLooks &&
        sumOver(to, shortLooks) > allowed * shortLooks &&
        spent * typicalTotal >= fewestEvents
      );
    });
    if (isPassed) return to - seen;
  }
  return Infinity;
}

/**
 * When simulated futures burn an error budget too fast over a long and a short window at once. What was burnt since the change
 * counts, so that a ratio which only stays where it is breaches as well. Noise of single intervals averages out within the
 * windows and is left out.
 *
 * @param most steps ahead that are looked at
 * @returns steps ahead, ≥ 1, ascending, one a future; Infinity: not within `most`
 */
export function budgetPassageTimes(
  budget: Budget,
  trend: Trend,
  most: number,
  paths: number,
  random: RandomSource,
): Float64Array {
  return Float64Array.from({ length: paths }, () => passage(budget, trend, most, random)).sort();
}
