import { compiled, ndtr, ndtri } from 'cephes';

// The library is WebAssembly: under ES modules its functions exist only once this has settled.
await compiled;

/** Below this cephes soon underflows to 0, and six terms of the asymptotic series are exact to 1e-13. */
const DEEP_TAIL = -20;

/** ln P(Z ≤ z) for z ≤ DEEP_TAIL (asymptotic series, DLMF 7.12.1). */
function logDeepTail(z: number): number {
  const s = 1 / (z * z);
  const inner = 1 - 5 * s * (1 - 7 * s * (1 - 9 * s * (1 - 11 * s)));
  return -0.5 * z * z - Math.log(-z) - 0.9189385332046728 + Math.log1p(-s * (1 - 3 * s * inner));
}

/**
 * P(Z ≤ z) of the standard normal distribution (cephes `ndtr`), relative error below 1e-12 wherever it is a normal double.
 *
 * @example normalCdf(1.959963984540054) // 0.975
 */
export function normalCdf(z: number): number {
  return z < DEEP_TAIL ? Math.exp(logDeepTail(z)) : ndtr(z);
}

/**
 * P(Z > z), without the cancellation of 1 − normalCdf(z).
 *
 * @example normalSurvival(10) // 7.62e-24
 */
export function normalSurvival(z: number): number {
  return normalCdf(-z);
}

/**
 * The z with P(Z ≤ z) = p (cephes `ndtri`).
 *
 * @param p probability in [0, 1]; 0 gives −Infinity and 1 gives Infinity.
 * @throws RangeError when p lies outside [0, 1] or is NaN.
 * @example normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie in [0, 1], got ${p}`);
  if (p === 0) return -Infinity;
  return p === 1 ? Infinity : ndtri(p);
}

/**
 * ln P(Z ≤ z), exact far into the lower tail where the probability itself underflows.
 *
 * @example logNormalCdf(-100) // −5005.52…
 */
export function logNormalCdf(z: number): number {
  if (z > 6) return Math.log1p(-ndtr(-z));
  return z < DEEP_TAIL ? logDeepTail(z) : Math.log(ndtr(z));
}
