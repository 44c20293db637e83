import type { Direction } from '../contract.js';
import { devianceBound } from '../statistical/signed-root-deviance.js';
import type { Stretches } from './trace.js';

/** Prefix sums of events and of the requests that they are out of. */
export interface RunningCounts {
  readonly events: Float64Array;
  readonly totals: Float64Array;
}

/** A window's counts, one baseline's expectation of them, and the exposure that this rests on. */
interface Compared {
  readonly observed: RunningCounts;
  readonly expected: RunningCounts;
  readonly baselineTotal: number;
}

/** Rounding of a bound's own arithmetic, relative, and of the square that it bounds, a share of the exposure. */
const BOUND_ROUNDING = 1 + 1e-9;
const SQUARE_ROUNDING = 1e-13;

/** First interval that a stretch ends with. */
function firstEnd({ window, warmup }: Stretches): number {
  return window === Infinity ? warmup : warmup + window - 1;
}

function startOf({ window, warmup }: Stretches, interval: number): number {
  return window === Infinity ? warmup : interval + 1 - window;
}

/**
 * Lowers every bound to that of the deviance from one baseline: harm beyond all baselines is no more than beyond any of them. One loop
 * without calls, for a preparation runs it some million times.
 *
 * @param into bounds of the other baselines, Infinity before the first
 */
export function lowerToDeviance(
  { observed, expected, baselineTotal }: Compared,
  stretches: Stretches,
  direction: Direction,
  into: Float64Array,
): void {
  const [events, totals] = [observed.events, observed.totals];
  const [foreseen, covered] = [expected.events, expected.totals];
  const looks = totals.length - 1;
  for (let interval = firstEnd(stretches); interval < looks; interval++) {
    const start = startOf(stretches, interval);
    const total = (totals[interval + 1] ?? 0) - (totals[start] ?? 0);
    const exposure = (covered[interval + 1] ?? 0) - (covered[start] ?? 0);
    if (!(total > 0) || !(exposure > 0)) {
      into[interval] = 0;
      continue;
    }
    const happened = (events[interval + 1] ?? 0) - (events[start] ?? 0);
    const ratio = Math.max(0, ((foreseen[interval + 1] ?? 0) - (foreseen[start] ?? 0)) / exposure);
    const isHarm = direction === 'both' || happened / total > ratio === (direction === 'up');
    const bound = isHarm ? devianceBound(happened, total, ratio, baselineTotal) : 0;
    if (bound < (into[interval] ?? 0)) into[interval] = bound;
  }
}

/** Bounds the square of the distance of two ratios on the square-root scale without a root: `(√a − √b)² ≤ (a − b)² / (a + b + 2 min(a, b))`. */
export function boundRootDeviation(
  { observed, expected, baselineTotal }: Compared,
  stretches: Stretches,
  into: Float64Array,
): void {
  const [events, totals] = [observed.events, observed.totals];
  const [foreseen, covered] = [expected.events, expected.totals];
  const looks = totals.length - 1;
  into.fill(0, 0, looks);
  for (let interval = firstEnd(stretches); interval < looks; interval++) {
    const start = startOf(stretches, interval);
    const total = (totals[interval + 1] ?? 0) - (totals[start] ?? 0);
    const exposure = (covered[interval + 1] ?? 0) - (covered[start] ?? 0);
    if (!(total > 0) || !(exposure > 0)) continue;
    const after = ((events[interval + 1] ?? 0) - (events[start] ?? 0)) / total;
    const before = ((foreseen[interval + 1] ?? 0) - (foreseen[start] ?? 0)) / exposure;
    const size = after + before + 2 * Math.min(after, before);
    if (!(size > 0)) continue;
    const shared = (4 * total * baselineTotal) / Math.max(1, total + baselineTotal);
    const apart = after - before;
    into[interval] = shared * (((apart * apart) / size) * BOUND_ROUNDING + SQUARE_ROUNDING);
  }
}

/** Sets the bounds of stretches of which less than half was seen to 0, those of the others to Infinity. */
export function openSeen(
  counts: Float64Array,
  stretches: Stretches,
  leastShare: number,
  into: Float64Array,
): void {
  const looks = counts.length - 1;
  into.fill(0, 0, looks);
  for (let interval = firstEnd(stretches); interval < looks; interval++) {
    const start = startOf(stretches, interval);
    const seen = (counts[interval + 1] ?? 0) - (counts[start] ?? 0);
    if (seen >= leastShare * (interval + 1 - start)) into[interval] = Infinity;
  }
}
