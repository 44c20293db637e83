import { stirlingRemainder } from './log-gamma.js';

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** x ln(x/m) + m − x, without cancellation where x is near m (Loader 2000, "Fast and accurate computation of binomial probabilities"). */
function deviancePart(x: number, m: number): number {
  const v = (x - m) / (x + m);
  if (Math.abs(v) > 0.1) return x * Math.log(x / m) + m - x;
  // x ln(x/m) = 2x·atanh(v), and 2xv + m − x = (x − m)v.
  const square = v * v;
  let term = 2 * x * v * square;
  let sum = (x - m) * v;
  for (let odd = 3; ; odd += 2) {
    const next = sum + term / odd;
    if (next === sum) return sum;
    sum = next;
    term *= square;
  }
}

/**
 * ln [x^a (1−x)^b / B(a, b)] for a, b > 0 and x in (0, 1). The leading terms of the log-gammas cancel on paper, so that the
 * absolute error stays below 1e-9 even at a + b = 1e9, where sums of lnΓ are off by 1e-6.
 */
export function logBetaKernel(a: number, b: number, x: number): number {
  const n = a + b;
  const remainders = stirlingRemainder(n) - stirlingRemainder(a) - stirlingRemainder(b);
  const scale = 0.5 * (Math.log(a) + Math.log(b / n)) - HALF_LOG_TWO_PI;
  return scale + remainders - deviancePart(a, n * x) - deviancePart(b, n * (1 - x));
}

/** Continued fraction of I_x(a, b) ÷ [x^a (1−x)^b / (a B(a, b))] (DLMF 8.17.22), by the modified Lentz method. */
function betaFraction(a: number, b: number, x: number): number {
  const n = a + b;
  let c = 1;
  let d = 1 / Math.max(1e-300, 1 - (n * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 1e6; m += 1) {
    const twice = a + 2 * m;
    const even = (m * (b - m) * x) / ((twice - 1) * twice);
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    const odd = (-(a + m) * (n + m) * x) / (twice * (twice + 1));
    const before = d * c;
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    const change = before * d * c;
    value *= change;
    if (Math.abs(change - 1) < 1e-15) return value;
  }
  return value;
}

/**
 * ln of the upper tail of a Beta(a, b) at x over its own integrand there: ln { P(θ > x) / [x^a (1−x)^b / B(a, b)] }. Deep in the
 * tail this is a smooth number near −ln b, however far numerator and denominator underflow; far below the mean it is −logBetaKernel.
 *
 * @param a > 0
 * @param b > 0; cost up to about 50 µs when a + b nears 1e9 and x lies at the mean, 1 µs elsewhere.
 * @param x in (0, 1)
 * @example logBetaTailRatio(1, 1, 0.25) // ln(0.75 / (0.25 × 0.75)) = ln 4
 */
export function logBetaTailRatio(a: number, b: number, x: number): number {
  // The fraction converges fast on its own side of the mean alone.
  if (1 - x < (b + 1) / (a + b + 2)) return Math.log(betaFraction(b, a, 1 - x) / b);
  const kernel = logBetaKernel(a, b, x);
  const lower = Math.exp(kernel) * (betaFraction(a, b, x) / a);
  return Math.log1p(-Math.min(lower, 1)) - kernel;
}
