import type { CalibratedMetric } from '../calibration/calibrated-metric.js';
import { bandOf } from '../calibration/effect-bands.js';
import type { GaugeModel } from '../calibration/gauge-model.js';
import type { RatioModel } from '../calibration/ratio-model.js';
import type { Direction, LearnedPeak, LiveMetric } from '../contract.js';
import { rankP, type PlaceboRank } from '../fusion/placebo-rank.js';
import { traceGauge, traceRatio, type LiveGauge, type LiveRatio } from './live-trace.js';
import { harmfulPart } from '../scoring/scans.js';
import { sharedExposure } from '../scoring/ratio-trace.js';
import type { Trace } from '../scoring/trace.js';
import { longRunVariance } from '../statistical/autocorrelation.js';
import { normalQuantile } from '../statistical/normal.js';
import { poissonInterval } from '../statistical/poisson-interval.js';
import { lastThirdFrom } from './coverage.js';
import { estimateOnset, scoreWatch } from './watch-score.js';
import { inverse } from '../series/transform.js';
import {
  effectOnUnits,
  gaugeScale,
  ratioScale,
  type BoundedEffect,
  type Movement,
} from './effect-on-units.js';
import type { JudgedLines, JudgedMetric } from './judged-metric.js';

/** Above this own p the onset is not worth guessing: the effect is then the mean since the change. */
const ONSET_P = 0.2;

/** Who speaks of swings, or of swings too, and not of the mean alone. */
const SWING_SCORERS: ReadonlySet<string | undefined> = new Set(['spread', 'tail', 'learned']);

interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Half width of the interval, in standard errors of the stretch's mean. */
  readonly band: number;
  /** Probability of error that the floor of the interval allows at one look, so that it holds over all looks. */
  readonly floorError: number;
}

/** Mean of what is there; NaN when nothing is. */
function meanOver(values: Float64Array, from: number, to: number): number {
  const seen = values.subarray(from, to).filter((value) => !Number.isNaN(value));
  return seen.reduce((sum, value) => sum + value, 0) / seen.length;
}

/**
 * Half width of a gauge's interval: the placebos' band, but never narrower than what the live values' own scatter allows. A
 * past without movement has a band without width.
 */
function gaugeHalf(model: GaugeModel, live: LiveGauge, { from, to, band, floorError }: Stretch): number {
  const count = live.trace.count(from, to);
  const variance = longRunVariance(live.residuals.around.subarray(from, to)) || 0;
  const own = -normalQuantile(floorError / 2) * Math.sqrt(variance);
  return Math.max(band * model.scale, own) / Math.sqrt(Math.max(1, count));
}

/** What was expected where there was something to compare, in the metric's unit. */
function gaugeBaseline(model: GaugeModel, live: LiveGauge, { from, to }: Stretch): number {
  const { around, expected } = live.residuals;
  const compared = expected.map((value, interval) =>
    Number.isNaN(around[interval] ?? NaN) ? NaN : inverse(model.transform, value),
  );
  return meanOver(compared, from, to);
}

function around(delta: number, half: number): Movement {
  return { delta, low: delta - half, high: delta + half };
}

function gaugeEffect(model: GaugeModel, live: LiveGauge, stretch: Stretch, level: number): BoundedEffect {
  const { from, to } = stretch;
  const movement = around(meanOver(live.residuals.around, from, to), gaugeHalf(model, live, stretch));
  return effectOnUnits(gaugeScale(model.transform), gaugeBaseline(model, live, stretch), movement, level);
}

/** What swings, rather than the mean, add in the harmful direction over a stretch. */
function swingEffect(
  model: GaugeModel,
  live: LiveGauge,
  metric: CalibratedMetric,
  stretch: Stretch,
  level: number,
) {
  const { direction } = metric.rule;
  const { from, to } = stretch;
  const size = meanOver(
    live.residuals.around.map((value) => harmfulPart(direction, value)),
    from,
    to,
  );
  const delta = Math.max(0, size - model.swings.meanHarm * model.scale) * (direction === 'down' ? -1 : 1);
  const movement = around(delta, gaugeHalf(model, live, stretch));
  return effectOnUnits(gaugeScale(model.transform), gaugeBaseline(model, live, stretch), movement, level);
}

function ratioEffect(model: RatioModel, live: LiveRatio, stretch: Stretch, level: number): BoundedEffect {
  const { from, to, band, floorError } = stretch;
  let events = 0;
  let total = 0;
  let expected = 0;
  for (let interval = from; interval < to; interval++) {
    const requests = live.counts.totals[interval] ?? NaN;
    const ratio = live.expected[interval] ?? NaN;
    if (!(requests > 0) || Number.isNaN(ratio)) continue;
    events += live.counts.events[interval] ?? 0;
    total += requests;
    expected += requests * ratio;
  }
  const resolution = sharedExposure(total, model.baselineTotal);
  const baseline = Math.sqrt(expected / total);
  const delta = Math.sqrt(events / total) - baseline;
  const half = band / (2 * Math.sqrt(Math.max(1, resolution)));
  // A past without events has a band without width: the events seen since the change must allow the interval as well.
  const floor = poissonInterval(events, floorError);
  const movement = {
    delta,
    low: Math.min(delta - half, Math.sqrt(floor.low / total) - baseline),
    high: Math.max(delta + half, Math.sqrt(floor.high / total) - baseline),
  };
  return effectOnUnits(ratioScale(model.baselineTotal), baseline ** 2, movement, level);
}

function gaugeLines(model: GaugeModel, live: LiveGauge) {
  const half = model.pointBand * model.scale;
  const read = (offset: number): Float64Array =>
    live.residuals.expected.map((value) =>
      Number.isNaN(value) ? NaN : inverse(model.transform, value + offset),
    );
  return { expected: read(0), low: read(-half), high: read(half) };
}

function ratioLines(live: LiveRatio) {
  const move = (sign: number): Float64Array =>
    live.expected.map((ratio, interval) => {
      const requests = live.counts.totals[interval] ?? NaN;
      const half = 1.96 / (2 * Math.sqrt(Math.max(1, requests)));
      return requests > 0 ? Math.max(0, Math.sqrt(ratio) + sign * half) ** 2 : NaN;
    });
  return { expected: live.expected, low: move(-1), high: move(1) };
}

function baselineName(model: GaugeModel | RatioModel): string {
  return model.views.map((view) => view.name).join('+');
}

interface Source {
  readonly trace: Trace;
  readonly effect: (stretch: Stretch) => BoundedEffect;
  readonly swing?: (stretch: Stretch) => BoundedEffect;
  readonly lines: () => JudgedLines;
}

function source(metric: CalibratedMetric, live: LiveMetric, look: number, level: number): Source {
  const { model, rule } = metric;
  if (model.shape === 'gauge') {
    const gauge = traceGauge(model, live, rule.direction, look);
    return {
      trace: gauge.trace,
      effect: (stretch) => gaugeEffect(model, gauge, stretch, level),
      swing: (stretch) => swingEffect(model, gauge, metric, stretch, level),
      lines: () => gaugeLines(model, gauge),
    };
  }
  const ratio = traceRatio(model, live, look);
  return {
    trace: ratio.trace,
    effect: (stretch) => ratioEffect(model, ratio, stretch, level),
    lines: () => ratioLines(ratio),
  };
}

/** The effect that harms more: swings are named only where they say more than the mean. */
function larger(direction: Direction, level: BoundedEffect, swing: BoundedEffect): BoundedEffect {
  const harm = ({ effect }: BoundedEffect): number => harmfulPart(direction, effect.absolute);
  return harm(swing) > harm(level) ? swing : level;
}

/** How sure the intervals must be: over the whole watch, and so at each of its looks. */
interface Sureness {
  readonly alpha: number;
  readonly plannedLooks: number;
}

/** A judged metric whose lines are drawn when they are asked for: of a histogram's many only one's are. */
export interface Undrawn {
  readonly judged: Omit<JudgedMetric, keyof JudgedLines>;
  readonly lines: () => JudgedLines;
}

/**
 * The same as `judgeByPlacebo`, lines left undrawn.
 *
 * @param learned the loudest that the learned scorer got so far
 */
export function weighByPlacebo(
  metric: CalibratedMetric,
  own: PlaceboRank,
  live: LiveMetric,
  look: number,
  { alpha, plannedLooks }: Sureness,
  coverage: number,
  learned?: LearnedPeak,
): Undrawn {
  const { rule } = metric;
  const { trace, effect, swing, lines } = source(metric, live, look, 1 - alpha);
  const score = scoreWatch(metric, trace, learned);
  const p = rankP(own, score.peak);
  const hasMoved = p <= ONSET_P;
  const onset = hasMoved ? estimateOnset(metric, trace) : rule.warmupLooks;
  const stretch = (from: number): Stretch => ({
    from,
    to: look,
    band: bandOf(metric.bands, metric.scans, from, look, rule.warmupLooks),
    floorError: alpha / plannedLooks,
  });
  const third = lastThirdFrom(look, rule.warmupLooks);
  const level = effect(stretch(onset));
  const isSwing = hasMoved && SWING_SCORERS.has(score.scorer);
  const judged = {
    rule,
    score: score.peak,
    p,
    effect: isSwing && swing !== undefined ? larger(rule.direction, level, swing(stretch(onset))) : level,
    sinceChange: effect(stretch(Math.min(rule.warmupLooks, look - 1))),
    ...(trace.count(third, look) > 0 ? { lastThird: effect(stretch(third)) } : {}),
    onsetLook: hasMoved ? onset : undefined,
    baseline: baselineName(metric.model),
    scorer: score.scorer ?? 'none',
    coverage,
  };
  return { judged, lines };
}

/**
 * Judges one metric at one look against its own quiet past.
 *
 * @param live with at least one interval behind the warm-up that can be compared, blanked where it cannot
 */
export function judgeByPlacebo(...asked: Parameters<typeof weighByPlacebo>): JudgedMetric {
  const { judged, lines } = weighByPlacebo(...asked);
  return { ...judged, ...lines() };
}
