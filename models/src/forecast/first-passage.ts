import type { RandomSource } from '../statistical/random.js';
import { lineAt, type Trend } from './trend.js';

/** A limit that is breached after `forLooks` consecutive values beyond it. */
export interface Barrier {
  readonly value: number;
  readonly side: 'above' | 'below';
  readonly forLooks: number;
  /** Values at the end of what was seen that lie beyond it already. */
  readonly runNow: number;
}

/** Farther from the limit than so many standard deviations, noise does not reach it. */
const OUT_OF_REACH = 6;

/** One future that fits what was seen. */
export interface DrawnTrend {
  /** Value of the line so many steps ahead. */
  readonly lineAt: (ahead: number) => number;
  readonly noise: number;
  /** Deviation of the newest value from this line. */
  readonly deviation: number;
}

/**
 * Draws a line and a noise level that the values so far leave possible: the variance by its chi-square (Wilson & Hilferty
 * 1931), level and slope by the normal around their estimates.
 */
export function drawTrend(trend: Trend, random: RandomSource): DrawnTrend {
  const { freedom, level, slope, levelVariance, slopeVariance, length, centre } = trend;
  const spread = 2 / (9 * freedom);
  // Its left tail can pass zero when there is next to no freedom.
  const share = Math.max(0.05, (1 - spread + Math.sqrt(spread) * random.normal()) ** 3);
  const noise = trend.noise / Math.sqrt(share);
  const drawnLevel = level + noise * Math.sqrt(levelVariance) * random.normal();
  const drawnSlope = slope + noise * Math.sqrt(slopeVariance) * random.normal();
  const line = (ahead: number): number => drawnLevel + drawnSlope * (length - 1 + ahead - centre);
  const newest = lineAt(trend, 0) + (trend.lastDeviation ?? 0);
  const deviation = trend.lastDeviation === undefined ? noise * random.normal() : newest - line(0);
  return { lineAt: line, noise, deviation };
}

/** Steps that can be skipped before noise could reach the limit, or all of them on a path that leads away from it. */
function stepsOutOfReach(gap: number, slopeTowards: number, noise: number): number {
  const room = gap - OUT_OF_REACH * noise;
  if (!(room > 0)) return 0;
  return slopeTowards > 0 ? Math.floor(room / slopeTowards) : Infinity;
}

function passage(trend: Trend, barrier: Barrier, most: number, random: RandomSource): number {
  const drawn = drawTrend(trend, random);
  const sign = barrier.side === 'above' ? 1 : -1;
  const gapAt = (ahead: number): number => sign * (barrier.value - drawn.lineAt(ahead));
  const { correlation } = trend;
  let { deviation } = drawn;
  let run = barrier.runNow;
  let ahead = 0;
  while (ahead < most) {
    const towards = gapAt(ahead) - gapAt(ahead + 1);
    const skipped = stepsOutOfReach(gapAt(ahead + 1), towards, Math.max(drawn.noise, Math.abs(deviation)));
    const steps = Math.min(skipped, most) + 1;
    const kept = correlation ** steps;
    deviation = kept * deviation + drawn.noise * Math.sqrt(1 - kept ** 2) * random.normal();
    ahead += steps;
    if (skipped > 0) run = 0;
    run = sign * deviation > gapAt(ahead) ? run + 1 : 0;
    if (run >= barrier.forLooks) break;
  }
  return run >= barrier.forLooks && ahead <= most ? ahead : Infinity;
}

/**
 * When simulated futures breach a limit: lines that the values so far leave possible, with autoregressive noise that goes on
 * from the newest value. Steps on which noise could not reach the limit are taken at once, which changes nothing.
 *
 * @param most steps ahead that are looked at
 * @param paths number of futures
 * @returns steps ahead, ≥ 1, ascending, one a future; Infinity: not within `most`
 */
export function passageTimes(
  trend: Trend,
  barrier: Barrier,
  most: number,
  paths: number,
  random: RandomSource,
): Float64Array {
  return Float64Array.from({ length: paths }, () => passage(trend, barrier, most, random)).sort();
}
