import { lagOneAutocorrelation } from '../statistical/autocorrelation.js';
import { noiseVarianceOfSum } from '../statistical/noise-variance-of-sum.js';
import { theilSenLine } from '../statistical/theil-sen.js';

/** A straight line with first-order autoregressive noise around it; indices count the values that it was fitted to. */
export interface Trend {
  /** Index of the mean time, around which level and slope are independent. */
  readonly centre: number;
  /** Value of the line there. */
  readonly level: number;
  /** Rise per step. */
  readonly slope: number;
  /** Variances of level and slope, in units of the noise's variance. */
  readonly levelVariance: number;
  readonly slopeVariance: number;
  /** Correlation of neighbouring deviations, in [0, 0.95]. */
  readonly correlation: number;
  /** Standard deviation of a single value around the line. */
  readonly noise: number;
  /** Independent values that the noise was measured on; ≥ 1. */
  readonly freedom: number;
  /** Number of indices: the next value has this one. */
  readonly length: number;
  /** Deviation of the newest value from the line; undefined when it is missing. */
  readonly lastDeviation: number | undefined;
}

/** A line through fewer values says nothing of where it leads. */
export const FEWEST_FOR_TREND = 8;
/** Var(Theil-Sen slope) / Var(least-squares slope) for normal noise: π/3 (Sen 1968). */
const THEIL_SEN_INFLATION = Math.PI / 3;
const LARGEST_CORRELATION = 0.95;

/**
 * Fits a local linear trend: the slope by Theil-Sen, so that single wild values do not bend it, the deviations from it as a
 * first-order autoregression whose variances of level and slope are exact for the gaps at hand (Cochrane & Orcutt 1949 for
 * why least-squares errors are too small here). The bias of the autocorrelation after a line was taken out, −(2 + 4φ)/n
 * (Kendall 1954), is corrected.
 *
 * @param values in time order, one per step; NaN = missing
 * @returns undefined with fewer than 8 values or where the arithmetic overflows
 */
export function fitTrend(values: Float64Array): Trend | undefined {
  const indices: number[] = [];
  values.forEach((value, index) => {
    if (Number.isFinite(value)) indices.push(index);
  });
  const count = indices.length;
  const line = theilSenLine(values);
  if (line === undefined || count < FEWEST_FOR_TREND) return undefined;
  const centre = indices.reduce((sum, index) => sum + index, 0) / count;
  const spread = indices.reduce((sum, index) => sum + (index - centre) ** 2, 0);
  const level = indices.reduce((sum, index) => sum + (values[index] ?? 0), 0) / count;
  const deviations = values.map((value, index) => value - level - line.slope * (index - centre));
  const afterMean = lagOneAutocorrelation(deviations);
  const correlation = Math.min(
    LARGEST_CORRELATION,
    afterMean === 0 ? 0 : afterMean + (1 + afterMean) / count,
  );
  const levelVariance = noiseVarianceOfSum(
    indices,
    indices.map(() => 1 / count),
    correlation,
  );
  const leastSquares = noiseVarianceOfSum(
    indices,
    indices.map((index) => (index - centre) / spread),
    correlation,
  );
  const squares = indices.reduce((sum, index) => sum + (deviations[index] ?? 0) ** 2, 0);
  const left = count - count * levelVariance - spread * leastSquares;
  const noise = Math.sqrt(squares / Math.max(1, left));
  if (![level, line.slope, noise].every(Number.isFinite)) return undefined;
  const last = deviations.at(-1) ?? NaN;
  return {
    centre,
    level,
    slope: line.slope,
    levelVariance,
    slopeVariance: THEIL_SEN_INFLATION * leastSquares,
    correlation,
    noise,
    freedom: Math.max(1, (count * (1 - correlation)) / (1 + correlation) - 2),
    length: values.length,
    lastDeviation: Number.isFinite(last) ? last : undefined,
  };
}

/** Value of the line `ahead` steps after the newest value (0 = there). */
export function lineAt(trend: Trend, ahead: number): number {
  return trend.level + trend.slope * (trend.length - 1 + ahead - trend.centre);
}
