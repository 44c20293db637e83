/** Both shape parameters of the beta distribution that rates are mixed over: Jeffreys' prior, as much at home near 0 as near 1. */
const SHAPE = 0.5;
const HALVINGS = 60;

/** ln [B(½ + successes, ½ + failures) / B(½, ½)], term by term: exact where sums of lnΓ would cancel. */
function logMixture(successes: number, failures: number): number {
  let sum = 0;
  for (let i = 0; i < successes; i += 1) sum += Math.log(SHAPE + i);
  for (let i = 0; i < failures; i += 1) sum += Math.log(SHAPE + i);
  for (let i = 0; i < successes + failures; i += 1) sum -= Math.log(2 * SHAPE + i);
  return sum;
}

/** count × ln(share), 0 when nothing was counted. */
function logPower(count: number, share: number): number {
  return count === 0 ? 0 : count * Math.log(share);
}

/** The point between one that satisfies and one that does not, in either order. */
function boundary(inside: number, outside: number, holds: (rate: number) => boolean): number {
  let [good, bad] = [inside, outside];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (good + bad) / 2;
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/**
 * Interval of a proportion that holds at every number of trials at once, so that it may be looked at after each of them: the rates
 * against which the beta-binomial mixture likelihood ratio stays below 1 / (1 − level). Robbins 1970, "Statistical methods related
 * to the law of the iterated logarithm", with Ville's inequality. Costs O(trials).
 *
 * @param successes whole, in [0, trials].
 * @param trials whole, ≥ 0, independent of each other.
 * @param level probability in (0, 1) that it contains the rate at all times together, default 0.95.
 * @returns bounds in [0, 1]; the whole of [0, 1] without a trial. Wider than an interval for one look.
 * @throws RangeError when an argument is out of range.
 * @example binomialConfidenceSequence(0, 100) // { low: 0, high: 0.058 }
 */
export function binomialConfidenceSequence(
  successes: number,
  trials: number,
  level = 0.95,
): { readonly low: number; readonly high: number } {
  const isCount = Number.isSafeInteger(successes) && Number.isSafeInteger(trials);
  if (!(isCount && successes >= 0 && successes <= trials))
    throw new RangeError(`successes and trials must be counts, got ${successes} of ${trials}`);
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`);
  if (trials === 0) return { low: 0, high: 1 };
  const failures = trials - successes;
  const mixture = logMixture(successes, failures);
  const limit = -Math.log1p(-level);
  const holds = (rate: number): boolean =>
    mixture - logPower(successes, rate) - logPower(failures, 1 - rate) < limit;
  const observed = successes / trials;
  return {
    low: successes === 0 ? 0 : boundary(observed, 0, holds),
    high: failures === 0 ? 1 : boundary(observed, 1, holds),
  };
}
