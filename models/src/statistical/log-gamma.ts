import { compiled, lgam } from 'cephes';

// The library is WebAssembly: under ES modules its functions exist only once this has settled.
await compiled;

const HALF_LOG_TWO_PI = 0.9189385332046728;

/**
 * ln Γ(x) for x > 0 (cephes `lgam`; relative error near 1e-16).
 *
 * @example logGamma(5) // ln 24 = 3.1780…
 */
export function logGamma(x: number): number {
  return lgam(x);
}

/**
 * What Stirling's formula leaves out: δ(x) = ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], x > 0 (DLMF 5.11.1). Kept apart so
 * that differences of huge log-gammas can cancel their leading terms on paper instead of in floating point.
 *
 * @returns a positive number, about 1/(12x) for large x; absolute error below 1e-14.
 */
export function stirlingRemainder(x: number): number {
  if (x < 16) return lgam(x) - ((x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI);
  const inverse = 1 / x;
  const square = inverse * inverse;
  return (
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188)))))
  );
}
