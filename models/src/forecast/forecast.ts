/** A limit that a metric runs towards. */
export interface ForecastLimit {
  /** `guard-rail` and `burn-rate` decide at once when they are passed; a `ceiling` is where the resource ends. */
  readonly kind: 'guard-rail' | 'burn-rate' | 'ceiling';
  /** In the metric's unit; of a burn rate the ratio that burns the budget at its limit. */
  readonly value: number;
  readonly side: 'above' | 'below';
}

/** When a metric breaches a limit if it goes on as it has since its onset. Times are counted from the look, in intervals. */
export interface Forecast {
  readonly metric: string;
  readonly unit: string;
  readonly limit: ForecastLimit;
  /** Half of the simulated futures have breached by then; ≥ 1. */
  readonly inLooks: number;
  /** One in twenty has breached by then; ≥ 1. */
  readonly earliestInLooks: number;
  /** Nineteen in twenty have; absent: fewer do as far as the forecast reaches. */
  readonly latestInLooks?: number;
  /** Probability that the interval from earliest to latest holds, 0.9. */
  readonly level: number;
  /** Rise per interval, in the metric's unit. */
  readonly slope: number;
  /** Level now, in the metric's unit: the line through the values since onset. */
  readonly now: number;
}
