import { leastSquares } from './least-squares.js';
import { mean, present, standardDeviation } from './samples.js';

/** Values before an interval that predict it. */
const ORDER = 10;
const DAY_MS = 86_400_000;
/** Longest past that is learned from: three days, as much as the season needs. */
const MOST_TRAINED_DAYS = 3;
/** Share of the past, its newest part, that errors are taken from and nothing is learned from. */
const HELD_BACK = 0.3;
const FEWEST_TRAINED = 3 * ORDER;
const RIDGE = 1e-3;
/** Standardised errors beyond this count as this: a series without spread must not decide for all. */
const LARGEST_ERROR = 1e3;

/** Predicts each interval of one metric from those before it. */
export interface NextStepPredictor {
  /** Squared standardised errors over the held-back past, oldest first; NaN where there was no value. */
  readonly heldBack: Float64Array;
  /** The same since the change. */
  errors(live: Float64Array): Float64Array;
}

/** Missing values become the one before, so that what follows can still be predicted. */
function filled(values: Float64Array, fallback: number): Float64Array {
  let last = fallback;
  return values.map((value) => (last = Number.isFinite(value) ? value : last));
}

/**
 * A linear next-step predictor: the last ten values and, where the past reaches, the same time a day back, learned by least
 * squares on the older part of the past and scaled by its errors on the newer part.
 *
 * @param past values before the change, oldest first
 * @returns undefined where the past is too short or has no values
 */
export function nextStepPredictor(past: Float64Array, intervalMs: number): NextStepPredictor | undefined {
  const day = Math.round(DAY_MS / intervalMs);
  const values = present(past);
  if (values.length < FEWEST_TRAINED) return undefined;
  const [centre, spread] = [mean(values), standardDeviation(values) || 1];
  const scaled = (series: Float64Array): Float64Array => series.map((value) => (value - centre) / spread);
  const known = scaled(filled(past, centre));
  const hasSeason = day > ORDER && past.length >= 2 * day;
  const first = Math.max(hasSeason ? day : ORDER, past.length - MOST_TRAINED_DAYS * day);
  const split = first + Math.floor((1 - HELD_BACK) * (past.length - first));
  const features = (series: Float64Array, at: number): readonly number[] => [
    1,
    ...Array.from({ length: ORDER }, (_, k) => series[at - 1 - k] ?? 0),
    ...(hasSeason ? [series[at - day] ?? 0] : []),
  ];
  const trained = Array.from({ length: Math.max(0, split - first) }, (_, k) => first + k).filter((at) =>
    Number.isFinite(past[at]),
  );
  if (trained.length < FEWEST_TRAINED) return undefined;
  const coefficients = leastSquares(
    trained.map((at) => features(known, at)),
    trained.map((at) => known[at] ?? 0),
    RIDGE,
  );
  const errorAt = (series: Float64Array, at: number): number => {
    const predicted = features(series, at).reduce((sum, x, k) => sum + x * (coefficients[k] ?? 0), 0);
    return (series[at] ?? NaN) - predicted;
  };
  const raw = Float64Array.from({ length: past.length - split }, (_, k) =>
    Number.isFinite(past[split + k]) ? errorAt(known, split + k) : NaN,
  );
  const scale = Math.sqrt(mean(present(raw).map((error) => error * error)));
  const squared = (error: number): number =>
    Math.min(LARGEST_ERROR, Math.abs(error) / (scale > 0 ? scale : Number.MIN_VALUE)) ** 2;
  return {
    heldBack: raw.map((error) => (error === 0 ? 0 : squared(error))),
    errors(live) {
      const whole = new Float64Array(past.length + live.length);
      whole.set(past);
      whole.set(live, past.length);
      const series = scaled(filled(whole, centre));
      return live.map((value, k) => {
        if (!Number.isFinite(value)) return NaN;
        const error = errorAt(series, past.length + k);
        return error === 0 ? 0 : squared(error);
      });
    },
  };
}
