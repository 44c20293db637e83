import { compiled, incbet } from 'cephes';
import { mean, standardDeviation } from './samples.js';

// The library is WebAssembly: under ES modules its functions exist only once this has settled.
await compiled;

export interface WelchTest {
  /** Positive when the mean of `a` is the larger. */
  readonly t: number;
  readonly degreesOfFreedom: number;
  /** Two-sided, in [0, 1]. */
  readonly p: number;
}

/**
 * Welch's t test for unequal variances, two-sided (Welch 1947), as scipy's `ttest_ind(equal_var=False)`. Takes values as
 * independent.
 *
 * @param a at least two finite values; fewer give p = 1
 * @param b likewise
 * @returns p = 0 where two constant samples differ, p = 1 where they are the same
 * @example welchTest(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)).p // 0.0213
 */
export function welchTest(a: Float64Array, b: Float64Array): WelchTest {
  if (a.length < 2 || b.length < 2) return { t: 0, degreesOfFreedom: NaN, p: 1 };
  const [shareA, shareB] = [standardDeviation(a) ** 2 / a.length, standardDeviation(b) ** 2 / b.length];
  const variance = shareA + shareB;
  const difference = mean(a) - mean(b);
  // Values that overflow tell nothing.
  if (!Number.isFinite(variance)) return { t: 0, degreesOfFreedom: NaN, p: 1 };
  if (variance === 0) {
    if (difference === 0) return { t: 0, degreesOfFreedom: NaN, p: 1 };
    return { t: difference * Infinity, degreesOfFreedom: NaN, p: 0 };
  }
  const t = difference / Math.sqrt(variance);
  // By shares of the variance, whose squares neither overflow nor vanish.
  const share = shareA / variance;
  const df = 1 / (share ** 2 / (a.length - 1) + (1 - share) ** 2 / (b.length - 1));
  return { t, degreesOfFreedom: df, p: incbet(df / 2, 0.5, df / (df + t * t)) };
}
