import type { Calibration, MetricCalibration } from '../calibration/calibrate.js';
import type { Assessment, Carried, LiveMetric } from '../contract.js';
import type { Forecast } from '../forecast/forecast.js';
import { forecastMetric } from '../forecast/forecast-metric.js';
import type { WindowScorer } from '../learned/look-window.js';
import { assessLook } from '../verdict/assess.js';
import { comparableLive } from '../verdict/comparable-live.js';
import type { Stand } from '../verdict/stand.js';
import { decisionAhead } from './decision-ahead.js';
import type { Explanation, Flip, MetricPart, ScorerPart } from './explanation.js';
import { learnedPart } from './learned-part.js';
import { rollbackLevel } from './rollback-level.js';
import { scorerParts } from './scorer-parts.js';
import type { Supposable } from './supposed.js';
import { flipsWithout, type JudgedLook } from './without.js';

/** Above this own p a metric has not moved: nothing is said of its scorers, and it is not carried on. */
const MOVED_P = 0.2;
/** Metrics of which more than their share is said. */
const MOST_EXPLAINED = 5;

const NOTHING: LiveMetric = { treatment: { shape: 'gauge', values: new Float64Array(0) } };

/** One metric with all that is known of it at a look. */
interface Known {
  readonly metric: MetricCalibration;
  readonly standing: Stand;
  readonly live: LiveMetric;
  readonly solo: number;
  readonly contribution: number;
}

function knownMetrics(judged: JudgedLook, live: readonly LiveMetric[]): readonly Known[] {
  const { calibration, stands, fused, assessment } = judged;
  return calibration.metrics.flatMap((metric, index): Known[] => {
    const standing = stands[index];
    const evidence = assessment.metrics[index];
    if (standing?.judged === undefined || evidence?.kind !== 'judged') return [];
    const solo = Math.min(1, fused.solo[index] ?? 1);
    return [{ metric, standing, live: live[index] ?? NOTHING, solo, contribution: evidence.contribution }];
  });
}

function hasMoved({ standing: { judged } }: Known): boolean {
  return judged !== undefined && judged.p <= MOVED_P;
}

function scorersOf(
  { metric, standing, live }: Known,
  scorer: WindowScorer | undefined,
): readonly ScorerPart[] {
  // The lines of a distribution are named by their evidence.
  if (metric.mode !== 'placebo' || 'lines' in metric.metric) return [];
  const isSent = (interval: number): boolean => !Number.isNaN(standing.values[interval] ?? NaN);
  const comparable = comparableLive(metric, live, standing.look, isSent);
  const scans = scorerParts(metric.metric, comparable.from(0), standing.look);
  return [...scans, ...learnedPart(metric, live, standing.learned, scorer)].sort((a, b) => b.score - a.score);
}

function partOf(known: Known, scorer: WindowScorer | undefined): MetricPart {
  const { standing, contribution, solo } = known;
  return { metric: standing.rule.name, contribution, soloP: solo, scorers: scorersOf(known, scorer) };
}

function supposable({ calibration, look }: JudgedLook, { metric, live, standing }: Known): Supposable {
  const { likeness, learned } = standing;
  return { calibration, metric, live, look, beside: { likeness, learned } };
}

/** The metric that would bring a rollback soonest: the one with most evidence, else one that is required. */
function mostSuspect(known: readonly Known[]): Known | undefined {
  return known
    .filter(({ standing }) => standing.rule.criticality !== 'advisory')
    .toSorted(
      (a, b) => a.solo - b.solo || Number(b.standing.rule.required) - Number(a.standing.rule.required),
    )[0];
}

function explain(judged: JudgedLook, known: readonly Known[], scorer: WindowScorer | undefined): Explanation {
  const { assessment, calibration, stands, look } = judged;
  const suspect = mostSuspect(known);
  const level =
    suspect !== undefined && assessment.value !== 'rollback'
      ? rollbackLevel(supposable(judged, suspect), suspect.standing)
      : undefined;
  const flips: readonly Flip[] = [...flipsWithout(judged), ...(level === undefined ? [] : [level])];
  const moving =
    suspect !== undefined && hasMoved(suspect)
      ? { one: supposable(judged, suspect), standing: suspect.standing }
      : undefined;
  const parts = known
    .filter((one) => hasMoved(one) && one.contribution > 0)
    .toSorted((a, b) => b.contribution - a.contribution)
    .slice(0, MOST_EXPLAINED)
    .map((one) => partOf(one, scorer));
  if (assessment.value !== 'pending') return { metrics: parts, flips };
  return { metrics: parts, flips, ahead: decisionAhead(calibration, stands, look, moving) };
}

function forecastsOf(known: readonly Known[]): readonly Forecast[] {
  return known
    .filter((one) => hasMoved(one) && one.standing.guardRail === undefined)
    .flatMap(({ standing: { rule, values, totals, judged } }): Forecast[] => {
      const from = judged?.onsetLook ?? rule.warmupLooks;
      const forecast = forecastMetric({ rule, values, from, ...(totals === undefined ? {} : { totals }) });
      return forecast === undefined ? [] : [forecast];
    })
    .sort((a, b) => a.inLooks - b.inLooks);
}

/**
 * Judges a watch at one look as `assess` does, and says why it came out so, what would change it, how long a decision takes,
 * and which limits moving metrics run towards. The judgement is the same to the bit; it costs some milliseconds more.
 *
 * @param live one entry per metric of the snapshot, arrays of at least `look` intervals
 * @param look intervals since the change, 1 … plannedLooks
 * @param carried what the look before handed on; `INITIAL_CARRIED` before the first
 * @param scorer the learned scorer that the watch was calibrated with, where it was with one
 * @example assessAndExplain(calibration, live, 12, carried).explanation?.flips
 */
export function assessAndExplain(
  calibration: Calibration,
  live: readonly LiveMetric[],
  look: number,
  carried: Carried,
  scorer?: WindowScorer,
): Assessment {
  const judged: JudgedLook = { ...assessLook(calibration, live, look, carried, scorer), calibration, look };
  const known = knownMetrics(judged, live);
  const forecasts = forecastsOf(known);
  return {
    ...judged.assessment,
    explanation: explain(judged, known, scorer),
    ...(forecasts.length === 0 ? {} : { forecasts }),
  };
}
