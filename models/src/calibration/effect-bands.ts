import type { MetricRule } from '../contract.js';
import { rankQuantile } from '../fusion/placebo-rank.js';
import { bandMeasure } from '../scoring/scan-measure.js';
import { isLevelScan, lookBucket, type Scan } from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';
import type { ReplayPlan } from './replay-plan.js';
import { unitsOf, type Units } from './scan-units.js';
import { scanPeak } from './watch-peak.js';

/** How wide an effect's interval must be to hold over a whole watch. */
export interface EffectBands {
  /** Standard errors: placebo quantile of the size of the mean deviation from the best baseline, by scan and stretch of looks. */
  readonly units: Units;
  /** Units that a quiet watch passes at a share α: of whatever window, and of all since the change. */
  readonly anyWindow: number;
  readonly sinceChange: number;
}

/** A band for which there are too few placebos: the largest one seen, widened by this factor. */
const SCARCE_FACTOR = 1.5;

function factorOf(peaks: Float64Array, alpha: number): number {
  const sorted = peaks.sort();
  const quantile = rankQuantile(sorted, alpha);
  return quantile < Infinity ? quantile : SCARCE_FACTOR * (sorted.at(-1) ?? 1);
}

/**
 * Measures the bands on placebos.
 *
 * @param fit traces that fit units
 * @param ranked traces whose full-horizon peaks are ranked
 */
export function effectBands(
  fit: readonly Trace[],
  ranked: readonly Trace[],
  scans: readonly Scan[],
  rule: MetricRule,
  { looks, alpha }: ReplayPlan,
): EffectBands {
  const measure = bandMeasure(rule, looks);
  const units = unitsOf(fit, scans, measure, rule.warmupLooks, looks, isLevelScan);
  const all = new Float64Array(ranked.length);
  const since = new Float64Array(ranked.length);
  scans.forEach((scan, position) => {
    if (!isLevelScan(scan)) return;
    ranked.forEach((trace, index) => {
      const peak = scanPeak(trace, scans, position, units, measure).value;
      all[index] = Math.max(all[index] ?? 0, peak);
      if (scan.window === Infinity) since[index] = peak;
    });
  });
  return { units, anyWindow: factorOf(all, alpha), sinceChange: factorOf(since, alpha) };
}

/**
 * Half width of the interval of a stretch, in standard errors of its mean.
 *
 * @param warmup first interval that is judged: a stretch from there on was not chosen
 */
export function bandOf(
  bands: EffectBands,
  scans: readonly Scan[],
  from: number,
  to: number,
  warmup: number,
): number {
  const isSinceChange = from === warmup;
  let position = scans.findIndex((scan) => scan.window === Infinity);
  if (!isSinceChange) {
    scans.forEach((scan, index) => {
      if (isLevelScan(scan) && scan.window <= to - from) position = index;
    });
  }
  const factor = isSinceChange ? bands.sinceChange : bands.anyWindow;
  return factor * (bands.units[lookBucket(to - 1) * scans.length + position] ?? 1);
}
