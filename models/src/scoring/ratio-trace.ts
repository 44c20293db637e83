import { between, prefixSums } from '../series/prefix-sums.js';
import { signedRootDeviance } from '../statistical/signed-root-deviance.js';
import type { Trace } from './trace.js';

/** Counts after one moment and what the baselines expect of them, by interval. */
export interface RatioWindow {
  readonly events: Float64Array;
  readonly totals: Float64Array;
  /** Expected ratio by interval for each credible baseline; NaN = that baseline is silent there. */
  readonly expectedRatios: readonly Float64Array[];
  /** Requests behind the baseline. */
  readonly baselineTotal: number;
}

interface Expectation {
  readonly events: Float64Array;
  readonly totals: Float64Array;
}

/** Prefix sums of the events that one baseline expects, over the intervals on which it speaks. */
function expectation(window: RatioWindow, ratios: Float64Array): Expectation {
  const spoken = window.totals.map((total, index) => {
    const ratio = ratios[index] ?? NaN;
    return Number.isNaN(ratio) || Number.isNaN(window.events[index] ?? NaN) ? NaN : total;
  });
  const expected = spoken.map((total, index) => total * (ratios[index] ?? NaN));
  return { events: prefixSums(expected, (value) => value), totals: prefixSums(spoken, (value) => value) };
}

/** Mean of the baselines by interval, leaving the silent ones out. */
export function meanRatios(ratios: readonly Float64Array[], length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => {
    const spoken = ratios.map((line) => line[index] ?? NaN).filter((value) => !Number.isNaN(value));
    return spoken.length === 0 ? NaN : spoken.reduce((sum, value) => sum + value, 0) / spoken.length;
  });
}

/** Exposure that a comparison of two samples is worth. */
export function sharedExposure(total: number, baselineTotal: number): number {
  return (total * baselineTotal) / Math.max(1, total + baselineTotal);
}

/** Counts of a window against its baselines: the deviance of the summed counts, exact at zero and at low traffic. */
export function ratioTrace(window: RatioWindow): Trace {
  const looks = window.events.length;
  const valid = window.totals.map((total, index) =>
    total > 0 && !Number.isNaN(window.events[index] ?? NaN) ? total : NaN,
  );
  const counts = prefixSums(valid, () => 1);
  const events = prefixSums(
    window.events.map((value, index) => (Number.isNaN(valid[index] ?? NaN) ? NaN : value)),
    (value) => value,
  );
  const totals = prefixSums(valid, (value) => value);
  const each = window.expectedRatios.map((ratios) => expectation(window, ratios));
  const mean = expectation(window, meanRatios(window.expectedRatios, looks));
  /** On the square-root scale, so that a band of it turns into an interval of the ratio without approximation. */
  const rootDeviation = (from: number, to: number): number => {
    const covered = between(mean.totals, from, to);
    const total = between(totals, from, to);
    if (!(covered > 0) || !(total > 0)) return 0;
    const ratio = between(events, from, to) / total;
    const apart = Math.sqrt(ratio) - Math.sqrt(between(mean.events, from, to) / covered);
    return 2 * apart * Math.sqrt(sharedExposure(total, window.baselineTotal));
  };
  const deviation = (baseline: Expectation, from: number, to: number): number => {
    const covered = between(baseline.totals, from, to);
    const total = between(totals, from, to);
    if (!(covered > 0) || !(total > 0)) return 0;
    return signedRootDeviance({
      events: between(events, from, to),
      total,
      baselineRatio: Math.max(0, between(baseline.events, from, to) / covered),
      baselineTotal: window.baselineTotal,
    });
  };
  return {
    looks,
    count: (from, to) => between(counts, from, to),
    outside: (from, to) => {
      let low = Infinity;
      let high = -Infinity;
      for (const baseline of each) {
        const value = deviation(baseline, from, to);
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      return low > 0 && low < Infinity ? low : high < 0 && high > -Infinity ? high : 0;
    },
    around: rootDeviation,
  };
}
