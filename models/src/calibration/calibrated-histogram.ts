import type { MetricHistory, MetricRule } from '../contract.js';
import { placeboRank, rankUpTo, type PlaceboRank } from '../fusion/placebo-rank.js';
import { quantileLines, type DistributionLine } from '../scoring/distribution-lines.js';
import type { BucketDistribution } from '../series/bucket-distribution.js';
import { quantileSorted } from '../statistical/quantile.js';
import { calibrateMetric, type CalibratedMetric, type ReplayedMetric } from './calibrated-metric.js';
import { countLines, lineRule, quietDistribution } from './histogram-history.js';
import { isFit, type ReplayPlan } from './replay-plan.js';

/** One line of a histogram with its own placebos. */
interface CalibratedLine {
  readonly line: DistributionLine;
  readonly metric: CalibratedMetric;
  /** Tells p only up to a quarter, or α. */
  readonly own: PlaceboRank;
}

/** A whole distribution, ready to be judged against its own quiet past: several ratios, of which the loudest speaks. */
export interface CalibratedHistogram {
  readonly rule: MetricRule;
  /** The distribution when nothing was deployed. */
  readonly quiet: BucketDistribution;
  /** At least one. */
  readonly lines: readonly [CalibratedLine, ...CalibratedLine[]];
  /** 95th percentile of the fitting placebos' loudest lines: one comparable score unit. */
  readonly norm: number;
}

/** A histogram with the full-horizon peaks of all placebos, NaN where a placebo could not be judged. */
export interface ReplayedHistogram {
  readonly calibrated: CalibratedHistogram;
  readonly peaks: Float64Array;
}

const RANK_LINE: DistributionLine = { kind: 'rank' };
/** Of a line by itself it is only asked whether it moved at all, or reached α: its largest peaks tell. */
const LARGEST_ASKED_P = 0.25;
const NORM_QUANTILE = 0.95;
/** Each line is in units of its own placebos already: the loudest of several is never less than one of them. */
const SMALLEST_NORM = 1;

/** Peaks of the loudest line by placebo; every line sees the same intervals, so they can all be judged or none. */
function loudest(lines: readonly ReplayedMetric[], placebos: number): Float64Array {
  return Float64Array.from({ length: placebos }, (_, index) =>
    Math.max(...lines.map(({ peaks }) => peaks[index] ?? NaN)),
  );
}

/**
 * Replays a histogram at every placebo: shares above bounds at the median and in the tail, and the mean rank, each as a ratio with
 * units of its own; then their maximum with one unit.
 *
 * @param history with known deployments and incidents blanked
 * @returns undefined when its past allows no forecast
 */
export function calibrateHistogram(history: MetricHistory, plan: ReplayPlan): ReplayedHistogram | undefined {
  const { rule } = history;
  const quiet = quietDistribution(history);
  if (quiet === undefined) return undefined;
  const asked = quantileLines(quiet, rule.direction);
  const all = [...asked, ...(asked.length === 0 ? [] : [RANK_LINE])];
  const replayed = countLines(all, quiet, history).flatMap(({ line, ...counted }) => {
    const found = calibrateMetric({ rule: lineRule(rule), ...counted }, plan);
    return found === undefined ? [] : [{ line, found }];
  });
  const lines = replayed.map(({ line, found }): CalibratedLine => {
    const ranked = found.peaks.filter((peak, index) => !isFit(index) && !Number.isNaN(peak));
    const own = placeboRank(ranked, plan.independent, plan.alpha);
    return { line, metric: found.calibrated, own: rankUpTo(own, Math.max(LARGEST_ASKED_P, plan.alpha)) };
  });
  const [first, ...others] = lines;
  if (first === undefined) return undefined;
  const peaks = loudest(
    replayed.map(({ found }) => found),
    plan.placebos.length,
  );
  const fit = peaks.filter((peak, index) => isFit(index) && !Number.isNaN(peak)).sort();
  const norm = Math.max(SMALLEST_NORM, fit.length === 0 ? 0 : quantileSorted(fit, NORM_QUANTILE));
  return {
    calibrated: { rule, quiet, lines: [first, ...others], norm },
    peaks: peaks.map((peak) => peak / norm),
  };
}
