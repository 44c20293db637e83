import { compiled, igami } from 'cephes';
import { normalQuantile } from './normal.js';

// The library is WebAssembly: under ES modules its functions exist only once this has settled.
await compiled;

/** Above this the inverse is slow, and the cube-root approximation of Wilson and Hilferty (1931) is right to five digits. */
const MANY_EVENTS = 1e3;

/** Fewer events are given no lower bound but 0. */
const FEW_EVENTS = 10;

/** The x at which the complemented incomplete gamma function Q(shape, x) is p. */
function gammaQuantile(shape: number, p: number): number {
  if (shape < MANY_EVENTS) return igami(shape, p);
  return shape * (1 - 1 / (9 * shape) - normalQuantile(p) / (3 * Math.sqrt(shape))) ** 3;
}

/** Bounds of the mean of a count. */
export interface PoissonInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Exact two-sided interval of a Poisson mean (Garwood 1936, "Fiducial limits for the Poisson distribution"), by the inverse of
 * the incomplete gamma function. For events among a fixed total it is wider than the binomial interval of Clopper and Pearson.
 *
 * @param events counted, ≥ 0; need not be whole.
 * @param error probability in (0, 1) that the interval misses, half of it at each end.
 * @returns expected events; at zero events [0, −ln(error / 2)].
 * @example poissonInterval(0, 0.05) // { low: 0, high: 3.689 }
 */
export function poissonInterval(events: number, error: number): PoissonInterval {
  return {
    // Below this the bound is near nothing, and the inverse can underflow: 0 is safe.
    low: events >= FEW_EVENTS ? gammaQuantile(events, 1 - error / 2) : 0,
    high: gammaQuantile(events + 1, error / 2),
  };
}
