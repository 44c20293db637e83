import { between } from '../series/prefix-sums.js';
import { signedRootDeviance } from '../statistical/signed-root-deviance.js';
import { boundRootDeviation, lowerToDeviance, openSeen, type RunningCounts } from './ratio-bounds.js';
import { MIN_SEEN_SHARE, type Trace } from './trace.js';

/** Counts after one moment and what the baselines expect of them, by interval. */
export interface RatioWindow {
  readonly events: Float64Array;
  readonly totals: Float64Array;
  /** Expected ratio by interval for each credible baseline; NaN = that baseline is silent there. */
  readonly expectedRatios: readonly Float64Array[];
  /** Requests behind the baseline. */
  readonly baselineTotal: number;
}

/** Prefix sums of the events that one baseline expects, over the intervals on which it speaks. */
function expectation({ events, totals }: RatioWindow, ratios: Float64Array): RunningCounts {
  const sums = {
    events: new Float64Array(totals.length + 1),
    totals: new Float64Array(totals.length + 1),
  };
  let expected = 0;
  let exposure = 0;
  for (let index = 0; index < totals.length; index++) {
    const total = totals[index] ?? NaN;
    const event = total * (ratios[index] ?? NaN);
    if (!Number.isNaN(event) && !Number.isNaN(events[index] ?? NaN)) {
      expected += event;
      exposure += total;
    }
    sums.events[index + 1] = expected;
    sums.totals[index + 1] = exposure;
  }
  return sums;
}

/** Prefix sums of the counts of the intervals with exposure, and how many these are. */
function observed({ events, totals }: RatioWindow): RunningCounts & { readonly counts: Float64Array } {
  const sums = {
    counts: new Float64Array(totals.length + 1),
    events: new Float64Array(totals.length + 1),
    totals: new Float64Array(totals.length + 1),
  };
  let seen = 0;
  let happened = 0;
  let exposure = 0;
  for (let index = 0; index < totals.length; index++) {
    const event = events[index] ?? NaN;
    const total = totals[index] ?? NaN;
    if (total > 0 && !Number.isNaN(event)) {
      seen++;
      happened += event;
      exposure += total;
    }
    sums.counts[index + 1] = seen;
    sums.events[index + 1] = happened;
    sums.totals[index + 1] = exposure;
  }
  return sums;
}

/** Mean of the baselines by interval, leaving the silent ones out. */
export function meanRatios(ratios: readonly Float64Array[], length: number): Float64Array {
  const means = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    let sum = 0;
    let spoken = 0;
    for (const line of ratios) {
      const value = line[index] ?? NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      spoken++;
    }
    means[index] = spoken === 0 ? NaN : sum / spoken;
  }
  return means;
}

/** Exposure that a comparison of two samples is worth. */
export function sharedExposure(total: number, baselineTotal: number): number {
  return (total * baselineTotal) / Math.max(1, total + baselineTotal);
}

/**
 * On the square-root scale, so that a band of it turns into an interval of the ratio without approximation.
 *
 * @param expected events that the baseline expects of the `covered` requests
 */
function rootDeviation(
  events: number,
  total: number,
  expected: number,
  covered: number,
  baselineTotal: number,
): number {
  if (!(covered > 0) || !(total > 0)) return 0;
  const apart = Math.sqrt(events / total) - Math.sqrt(expected / covered);
  return 2 * apart * Math.sqrt(sharedExposure(total, baselineTotal));
}

/**
 * How far all of a window is from one baseline: what `around` of its trace says of all looks.
 *
 * @returns NaN when half of the window or more has no exposure
 */
export function wholeDeviation(window: RatioWindow, ratios: Float64Array): number {
  const { events, totals, baselineTotal } = window;
  const looks = events.length;
  let seen = 0;
  let happened = 0;
  let exposure = 0;
  let expected = 0;
  let covered = 0;
  for (let index = 0; index < looks; index++) {
    const event = events[index] ?? NaN;
    const total = totals[index] ?? NaN;
    if (Number.isNaN(event)) continue;
    if (total > 0) {
      seen++;
      happened += event;
      exposure += total;
    }
    const foreseen = total * (ratios[index] ?? NaN);
    if (Number.isNaN(foreseen)) continue;
    expected += foreseen;
    covered += total;
  }
  return seen * 2 <= looks ? NaN : rootDeviation(happened, exposure, expected, covered, baselineTotal);
}

/** Counts of a window against its baselines: the deviance of the summed counts, exact at zero and at low traffic. */
export function ratioTrace(window: RatioWindow): Trace {
  const { baselineTotal, expectedRatios } = window;
  const looks = window.events.length;
  const running = observed(window);
  const { counts, events, totals } = running;
  const each = expectedRatios.map((ratios) => expectation(window, ratios));
  const [only] = each;
  const mean =
    only !== undefined && each.length === 1 ? only : expectation(window, meanRatios(expectedRatios, looks));
  const deviation = (baseline: RunningCounts, from: number, to: number): number => {
    const covered = between(baseline.totals, from, to);
    const total = between(totals, from, to);
    if (!(covered > 0) || !(total > 0)) return 0;
    const happened = between(events, from, to);
    const baselineRatio = Math.max(0, between(baseline.events, from, to) / covered);
    return signedRootDeviance({ events: happened, total, baselineRatio, baselineTotal });
  };
  return {
    looks,
    count: (from, to) => between(counts, from, to),
    outside: (from, to) => {
      let low = Infinity;
      let high = -Infinity;
      for (const baseline of each) {
        const value = deviation(baseline, from, to);
        // Between two baselines, or at one of them, nothing lies outside.
        if (value === 0) return 0;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      return low > 0 && low < Infinity ? low : high < 0 && high > -Infinity ? high : 0;
    },
    boundOutside: (stretches, direction, into) => {
      openSeen(counts, stretches, MIN_SEEN_SHARE, into);
      for (const expected of each)
        lowerToDeviance({ observed: running, expected, baselineTotal }, stretches, direction, into);
    },
    boundAround: (stretches, into) => {
      boundRootDeviation({ observed: running, expected: mean, baselineTotal }, stretches, into);
    },
    around: (from, to) =>
      rootDeviation(
        between(events, from, to),
        between(totals, from, to),
        between(mean.events, from, to),
        between(mean.totals, from, to),
        baselineTotal,
      ),
  };
}
