import type { CalibratedHistogram } from '../calibration/calibrated-histogram.js';
import { countLines } from '../calibration/histogram-history.js';
import type { SequentialHistogram, SequentialLine } from '../calibration/sequential-histogram.js';
import { FEWEST_BEFORE } from '../calibration/sequential-metric.js';
import type { HistogramArm, LiveMetric, MetricRule } from '../contract.js';
import { rankP, type PlaceboRank } from '../fusion/placebo-rank.js';
import { quantileLines, type DistributionLine, type QuantileLine } from '../scoring/distribution-lines.js';
import { harmfulPart } from '../scoring/scans.js';
import type { BucketDistribution } from '../series/bucket-distribution.js';
import { observedIn, pooledDistribution } from '../series/histogram-lines.js';
import { lastThirdFrom } from './coverage.js';
import type { BoundedEffect } from './effect-on-units.js';
import { judgeByEValue } from './judge-by-e-value.js';
import { weighByPlacebo, type Undrawn } from './judge-by-placebo.js';
import { isBeyondMinEffect, staysWithin, type JudgedMetric } from './judged-metric.js';
import { quantileEffect, quantileLinesOf, shownQuantile } from './quantile-effect.js';

/** Shares smaller than this are watched for harm and asked for no proof: no watch of ordinary traffic could give it. */
const SMALLEST_PROVEN_SHARE = 0.01;

/** One line as it was judged, as a ratio. */
interface JudgedLine<Line extends DistributionLine = DistributionLine> extends Undrawn {
  readonly line: Line;
}

/** What the lines of one histogram are read by. */
interface Reading {
  readonly rule: MetricRule;
  readonly quiet: BucketDistribution;
  readonly look: number;
  readonly alpha: number;
  /** The live observations from an interval on, without those that cannot be compared. */
  readonly since: (from: number) => BucketDistribution;
}

/** All lines ask for the same few stretches. */
function pooledSince(arm: HistogramArm, look: number): Reading['since'] {
  const known = new Map<number, BucketDistribution>();
  const observed = observedIn(arm);
  return (from) => {
    const pooled = known.get(from) ?? pooledDistribution(arm, from, look, observed);
    known.set(from, pooled);
    return pooled;
  };
}

function isQuantile(each: JudgedLine): each is JudgedLine<QuantileLine> {
  return each.line.kind === 'above';
}

function loudestOf<Line extends DistributionLine>(
  lines: readonly JudgedLine<Line>[],
): JudgedLine<Line> | undefined {
  return lines.reduce<JudgedLine<Line> | undefined>(
    (loudest, each) => (loudest === undefined || each.judged.score > loudest.judged.score ? each : loudest),
    undefined,
  );
}

/** A line's movements in the metric's unit; what was expected over time is left as shares, for only that of one line is shown. */
function inUnits(
  { rule, quiet, since, look }: Reading,
  { line, judged }: JudgedLine<QuantileLine>,
): Undrawn['judged'] {
  const read = (moved: BoundedEffect, from: number): BoundedEffect =>
    quantileEffect(line, quiet, since(from), moved);
  const { lastThird } = judged;
  return {
    ...judged,
    rule,
    effect: read(judged.effect, judged.onsetLook ?? rule.warmupLooks),
    sinceChange: read(judged.sinceChange, rule.warmupLooks),
    ...(lastThird === undefined ? {} : { lastThird: read(lastThird, lastThirdFrom(look, rule.warmupLooks)) }),
    quantile: shownQuantile(line, quiet),
  };
}

/** Of several movements the one that is not within the tolerance, else the one that comes nearest to harm. */
function leastProven(rule: MetricRule, effects: readonly BoundedEffect[]): BoundedEffect | undefined {
  const end = ({ effect }: BoundedEffect): number =>
    Math.max(
      harmfulPart(rule.direction, effect.relativeHigh),
      harmfulPart(rule.direction, effect.relativeLow),
    );
  const open = effects.filter((each) => !staysWithin(rule, each));
  return (open.length > 0 ? open : effects).reduce<BoundedEffect | undefined>(
    (worst, each) => (worst === undefined || end(each) > end(worst) ? each : worst),
    undefined,
  );
}

/**
 * The quantile that people are shown: among those that moved by themselves the loudest that is beyond the practical minimum, for a large
 * movement in the tail counts even where a small one of the median is more certain.
 */
function shownLine(
  lines: readonly JudgedLine<QuantileLine>[],
  alpha: number,
): JudgedLine<QuantileLine> | undefined {
  const moved = lines.filter(({ judged }) => judged.p <= alpha);
  return (
    loudestOf(moved.filter(({ judged }) => isBeyondMinEffect(judged))) ?? loudestOf(moved) ?? loudestOf(lines)
  );
}

/** Joins judged lines: the loudest gives the evidence, a quantile the effect, and all of them must be proven harmless. */
function join(
  reading: Reading,
  lines: readonly JudgedLine[],
  evidence: Pick<JudgedMetric, 'score' | 'p'>,
): JudgedMetric | undefined {
  const { rule } = reading;
  const quantiles = lines.filter(isQuantile).map((each) => ({ ...each, judged: inUnits(reading, each) }));
  const shown = shownLine(quantiles, reading.alpha);
  const loudest = loudestOf(lines);
  if (shown === undefined || loudest === undefined) return undefined;
  const [median] = quantiles;
  const proven = quantiles.filter(
    ({ line }) =>
      line === median?.line || Math.min(line.askedShare, 1 - line.askedShare) >= SMALLEST_PROVEN_SHARE,
  );
  const lastThird = leastProven(
    rule,
    proven.flatMap(({ judged }) => judged.lastThird ?? []),
  );
  const { lastThird: _own, ...judged } = shown.judged;
  return {
    ...judged,
    ...evidence,
    rule,
    sinceChange:
      leastProven(
        rule,
        proven.map((each) => each.judged.sinceChange),
      ) ?? judged.sinceChange,
    ...(lastThird === undefined ? {} : { lastThird }),
    scorer: loudest.line.kind === 'above' ? 'counts' : 'distribution',
    ...quantileLinesOf(shown.line, reading.quiet, shown.lines()),
  };
}

/**
 * Judges a histogram at one look against its own quiet past: each line as a ratio, and the loudest against the placebos' loudest.
 *
 * @param live with at least one interval behind the warm-up that can be compared, blanked where it cannot
 */
export function judgeHistogramByPlacebo(
  metric: CalibratedHistogram,
  own: PlaceboRank,
  live: LiveMetric,
  look: number,
  settings: Parameters<typeof weighByPlacebo>[4],
  coverage: number,
): JudgedMetric | undefined {
  const { rule, quiet, norm } = metric;
  if (live.treatment.shape !== 'histogram') return undefined;
  const counted = countLines(
    metric.lines.map(({ line }) => line),
    quiet,
    live,
  );
  const lines = metric.lines.flatMap(({ line, metric: ratio, own: ranked }, index) => {
    const each = counted[index];
    return each === undefined
      ? []
      : [{ line, ...weighByPlacebo(ratio, ranked, each, look, settings, coverage) }];
  });
  const score = lines.reduce((most, { judged }) => Math.max(most, judged.score), 0) / norm;
  const since = pooledSince(live.treatment, look);
  const reading = { rule, quiet, look, alpha: settings.alpha, since };
  return join(reading, lines, { score, p: rankP(own, score) });
}

/** The lines of a histogram without a past, chosen by what the control did at first: nothing that the treatment does can bend them. */
function linesByControl(
  { rule, blank }: SequentialHistogram,
  { control }: LiveMetric,
): { readonly quiet: BucketDistribution; readonly lines: readonly SequentialLine[] } | undefined {
  if (control?.shape !== 'histogram') return undefined;
  const quiet = pooledDistribution(control, 0, rule.warmupLooks + FEWEST_BEFORE);
  const lines = quantileLines(quiet, rule.direction).map((line) => ({ line, metric: blank }));
  return lines.length === 0 ? undefined : { quiet, lines };
}

/**
 * Judges a histogram at one look by e-processes on the shares above its bounds: the largest divided by their number, which is at most
 * their mean and so an e-process too.
 *
 * @returns undefined while there are too few samples since the change
 */
export function judgeHistogramByEValue(
  metric: SequentialHistogram,
  live: LiveMetric,
  look: number,
  alpha: number,
  coverage: number,
): JudgedMetric | undefined {
  const { rule } = metric;
  const chosen =
    metric.quiet === undefined ? linesByControl(metric, live) : { quiet: metric.quiet, lines: metric.lines };
  if (chosen === undefined || live.treatment.shape !== 'histogram') return undefined;
  const { quiet } = chosen;
  const counted = countLines(
    chosen.lines.map(({ line }) => line),
    quiet,
    live,
  );
  const lines = chosen.lines.flatMap(({ line, metric: ratio }, index) => {
    const each = counted[index];
    const judged = each && judgeByEValue(ratio, each, look, alpha, coverage);
    return judged === undefined ? [] : [{ line, judged, lines: () => judged }];
  });
  // All lines see the same samples: one that cannot be judged has lost its bound, and the others must not speak for it.
  if (lines.length < chosen.lines.length) return undefined;
  const p = Math.min(1, lines.length * Math.min(1, ...lines.map(({ judged }) => judged.p)));
  const price = Math.log(Math.max(1, lines.length)) / Math.log(1 / alpha);
  const score = Math.max(0, ...lines.map(({ judged }) => judged.score - price));
  const since = pooledSince(live.treatment, look);
  return join({ rule, quiet, look, alpha, since }, lines, { p, score });
}
