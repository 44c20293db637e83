import { normalQuantile } from '../statistical/normal.js';
import { lineAt, type Trend } from './trend.js';

/** Two ends of a 90 % interval. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

const ONE_SIDED = 0.95;

/** Quantile of Student's t by the Cornish-Fisher expansion to order 1/ν² (Abramowitz & Stegun 26.7.5). */
function studentQuantile(freedom: number): number {
  const z = normalQuantile(ONE_SIDED);
  const first = (z ** 3 + z) / (4 * freedom);
  return z + first + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

/** 90 % interval of a trend's slope, per step. */
export function slopeBounds(trend: Trend): Bounds {
  const half = studentQuantile(trend.freedom) * trend.noise * Math.sqrt(trend.slopeVariance);
  return { low: trend.slope - half, high: trend.slope + half };
}

/** 90 % interval of the line (not of single values) so many steps after the newest value. */
export function lineBounds(trend: Trend, ahead: number): Bounds {
  const apart = trend.length - 1 + ahead - trend.centre;
  const variance = trend.levelVariance + trend.slopeVariance * apart ** 2;
  const half = studentQuantile(trend.freedom) * trend.noise * Math.sqrt(variance);
  const middle = lineAt(trend, ahead);
  return { low: middle - half, high: middle + half };
}
