/** How a shift comes: at once, or growing evenly until the end of the series. */
export type ShiftShape = 'step' | 'ramp';

/** Where in a series a change of level began: probabilities that add up to 1. */
export interface ChangePosterior {
  /** Index of `probability[0]` in the series. */
  readonly first: number;
  readonly probability: Float64Array;
}

export interface ChangePosteriorOptions {
  /** First index at which the change may begin. */
  readonly first: number;
  /** Correlation of neighbouring noise values, in [0, 1). */
  readonly autocorrelation: number;
}

/** Fewer values on a side of the change tell nothing of its level. */
const FEWEST = 2;
/** Share of the total variation that always counts as noise, so that a step without noise has a finite likelihood. */
const NOISE_FLOOR = 1e-9;
/** The two coefficients of the regression: level and change. */
const COEFFICIENTS = 2;

/** A series with the noise's dependence taken out: one equation a value that was seen. */
interface Whitened {
  readonly index: Int32Array;
  readonly target: Float64Array;
  /** What a regressor's value at the index counts … */
  readonly scale: Float64Array;
  /** … and what its value at the index before is worth, to be taken off. */
  readonly previous: Float64Array;
}

/**
 * Posterior of the place at which the level of a series begins to change, by a step or a ramp, in first-order autoregressive noise:
 * p(τ | x) ∝ Σ over both shapes of |X'X|^(−1/2) · RSS(τ)^(−(n−2)/2), the least-squares change point with flat priors for level, change
 * and place and σ⁻¹ for the noise integrated out (A. F. M. Smith 1975, Biometrika 62, "A Bayesian approach to inference about a
 * change-point in a sequence of random variables"). The autoregression is taken out exactly; a value after a gap begins anew. The ramp
 * is scaled to end at 1, so that both shapes have their change in the same unit.
 *
 * @param values one value an interval, NaN = missing; cost (values × places)
 * @returns undefined when fewer than 6 values were seen, or there is no variation
 * @throws RangeError when the autocorrelation lies outside [0, 1)
 * @example changePosterior(Float64Array.of(0, .1, 0, .1, 5, 5.1, 5, 5.1), { first: 1, autocorrelation: 0 }) // peaks at 4
 */
export function changePosterior(
  values: Float64Array,
  { first, autocorrelation }: ChangePosteriorOptions,
): ChangePosterior | undefined {
  if (!(autocorrelation >= 0 && autocorrelation < 1))
    throw new RangeError(`autocorrelation must lie in [0, 1), got ${autocorrelation}`);
  const whitened = whiten(values, autocorrelation);
  const seen = whitened.index;
  if (seen.length < FEWEST * 3) return undefined;
  const from = Math.max(first, (seen[FEWEST - 1] ?? 0) + 1);
  const to = seen[seen.length - FEWEST] ?? 0;
  const floor = NOISE_FLOOR * variation(whitened);
  if (to < from || !(floor > 0)) return undefined;
  const logs = new Float64Array(to - from + 1);
  for (let place = from; place <= to; place++)
    logs[place - from] = logSum(
      logEvidence(whitened, place, 'step', values.length, floor),
      logEvidence(whitened, place, 'ramp', values.length, floor),
    );
  return { first: from, probability: normalised(logs) };
}

function whiten(values: Float64Array, phi: number): Whitened {
  const places: number[] = [];
  values.forEach((value, k) => {
    if (!Number.isNaN(value)) places.push(k);
  });
  const fresh = Math.sqrt(1 - phi * phi);
  const index = Int32Array.from(places);
  const follows = (k: number): boolean => k > 0 && !Number.isNaN(values[k - 1] ?? NaN);
  return {
    index,
    target: Float64Array.from(places, (k) =>
      follows(k) ? (values[k] ?? NaN) - phi * (values[k - 1] ?? NaN) : fresh * (values[k] ?? NaN),
    ),
    previous: Float64Array.from(places, (k) => (follows(k) ? phi : 0)),
    scale: Float64Array.from(places, (k) => (follows(k) ? 1 : fresh)),
  };
}

function variation({ target }: Whitened): number {
  const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
  return target.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function logEvidence(
  { index, target, previous, scale }: Whitened,
  place: number,
  shape: ShiftShape,
  length: number,
  floor: number,
): number {
  const at = shape === 'step' ? stepAt : rampAt;
  const span = length - place;
  let [ll, lc, cc, ly, cy, yy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < index.length; i++) {
    const k = index[i] ?? 0;
    const back = previous[i] ?? 0;
    const unit = scale[i] ?? 1;
    const level = unit - back;
    const change = unit * at(k - place, span) - back * at(k - 1 - place, span);
    const y = target[i] ?? 0;
    ll += level * level;
    lc += level * change;
    cc += change * change;
    ly += level * y;
    cy += change * y;
    yy += y * y;
  }
  const determinant = ll * cc - lc * lc;
  if (!(determinant > 0)) return -Infinity;
  const explained = (cc * ly * ly - 2 * lc * ly * cy + ll * cy * cy) / determinant;
  const rest = Math.max(0, yy - explained) + floor;
  return -0.5 * Math.log(determinant) - ((index.length - COEFFICIENTS) / 2) * Math.log(rest);
}

function stepAt(since: number): number {
  return since >= 0 ? 1 : 0;
}

function rampAt(since: number, span: number): number {
  return since >= 0 ? (since + 1) / span : 0;
}

function logSum(a: number, b: number): number {
  const top = Math.max(a, b);
  return top === -Infinity ? top : top + Math.log(Math.exp(a - top) + Math.exp(b - top));
}

/** Logarithms of weights → weights that add up to 1. */
export function normalised(logs: Float64Array): Float64Array {
  const top = logs.reduce((most, log) => Math.max(most, log), -Infinity);
  if (top === -Infinity) return logs.map(() => 1 / logs.length);
  const weights = logs.map((log) => Math.exp(log - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
