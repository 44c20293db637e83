import type { Direction } from '../contract.js';
import { between, prefixSums } from '../series/prefix-sums.js';
import { harmfulPart } from './scans.js';
import type { Trace } from './trace.js';

/** What a metric's quiet past says about its swings. */
export interface QuietSwings {
  /** Mean harmful part of a standardised residual. */
  readonly meanHarm: number;
  /** Its 95th percentile. */
  readonly tailAt: number;
}

/** Share of quiet intervals beyond `tailAt`. */
const TAIL_SHARE = 0.05;
/** Single outliers count at most this many scale units. */
const SWING_CLIP = 12;

/** Signed root of the binomial deviance: `exceeding` of `seen` intervals against the quiet share. Unlike a z-score it does not explode at small counts. */
function tailDeviance(exceeding: number, seen: number): number {
  const part = (count: number, share: number): number =>
    count > 0 ? count * Math.log(count / (seen * share)) : 0;
  if (exceeding <= TAIL_SHARE * seen) return 0;
  return Math.sqrt(2 * (part(exceeding, TAIL_SHARE) + part(seen - exceeding, 1 - TAIL_SHARE)));
}

/**
 * @param outside residuals beyond every credible forecast, in units of the scale; NaN = missing
 * @param around residuals from the weighted forecast, in units of the scale; NaN = missing
 */
export function gaugeTrace(
  outside: Float64Array,
  around: Float64Array,
  direction: Direction,
  swings: QuietSwings,
): Trace {
  const counts = prefixSums(outside, () => 1);
  const outsideSums = prefixSums(outside, (value) => value);
  const aroundSums = prefixSums(around, (value) => value);
  const harms = prefixSums(around, (value) => Math.min(SWING_CLIP, harmfulPart(direction, value)));
  const exceedances = prefixSums(around, (value) => (harmfulPart(direction, value) > swings.tailAt ? 1 : 0));
  const perRoot = (sum: number, count: number): number => (count === 0 ? 0 : sum / Math.sqrt(count));
  const count = (from: number, to: number): number => between(counts, from, to);
  return {
    looks: outside.length,
    count,
    outside: (from, to) => perRoot(between(outsideSums, from, to), count(from, to)),
    around: (from, to) => perRoot(between(aroundSums, from, to), count(from, to)),
    spread: (from, to) => {
      const seen = count(from, to);
      return perRoot(between(harms, from, to) - seen * swings.meanHarm, seen);
    },
    tail: (from, to) => tailDeviance(between(exceedances, from, to), count(from, to)),
  };
}
