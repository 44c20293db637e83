import { normalQuantile } from './normal.js';

/**
 * Score interval of a proportion (Wilson 1927), right also at 0 and n successes.
 *
 * @param successes in [0, trials].
 * @param trials ≥ 0.
 * @param level coverage in (0, 1), default 0.95.
 * @returns bounds in [0, 1]; the whole of [0, 1] without a trial.
 * @throws RangeError when an argument is out of range.
 * @example wilsonInterval(0, 100) // { low: 0, high: 0.037 }
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  level = 0.95,
): { readonly low: number; readonly high: number } {
  if (!(successes >= 0 && successes <= trials && trials < Infinity)) {
    throw new RangeError(`successes must lie in [0, trials], got ${successes} of ${trials}`);
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`);
  if (trials === 0) return { low: 0, high: 1 };
  const square = normalQuantile(0.5 + level / 2) ** 2;
  const centre = successes + square / 2;
  const width = Math.sqrt(square * ((successes * (trials - successes)) / trials + square / 4));
  const denominator = trials + square;
  return {
    low: successes === 0 ? 0 : Math.max(0, (centre - width) / denominator),
    high: successes === trials ? 1 : Math.min(1, (centre + width) / denominator),
  };
}
