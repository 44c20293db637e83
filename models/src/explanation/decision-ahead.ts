import type { Calibration } from '../calibration/calibrate.js';
import { isWithinTolerance, type JudgedMetric } from '../verdict/judged-metric.js';
import type { BoundedEffect } from '../verdict/effect-on-units.js';
import type { MetricRule } from '../contract.js';
import type { Stand } from '../verdict/stand.js';
import type { DecisionAhead } from './explanation.js';
import { wouldRollBack, type Supposable } from './supposed.js';

/** Looks ahead that are tried, growing, then narrowed down to one. */
const TRIED = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233];

/** Mean of what was seen since the onset; NaN where that is nothing. */
function levelSinceOnset({ values, judged, rule }: Stand): number {
  const seen = values.subarray(judged?.onsetLook ?? rule.warmupLooks).filter((value) => !Number.isNaN(value));
  return seen.reduce((sum, value) => sum + value, 0) / seen.length;
}

/** Looks until a rollback, if the metric stays where it has been since its onset. */
export function looksToRollback(one: Supposable, standing: Stand): number | undefined {
  const left = one.calibration.settings.plannedLooks - one.look;
  const level = levelSinceOnset(standing);
  if (Number.isNaN(level)) return undefined;
  const falls = (more: number): boolean => wouldRollBack(one, more, level);
  const tried = [...TRIED.filter((more) => more < left), ...(left > 0 ? [left] : [])];
  const place = tried.findIndex(falls);
  if (place === -1) return undefined;
  let short = tried[place - 1] ?? 0;
  let enough = tried[place] ?? left;
  while (enough - short > 1) {
    const middle = (short + enough) >> 1;
    if (falls(middle)) enough = middle;
    else short = middle;
  }
  return enough;
}

/** How many times as long the watch must be for the harmful end of an interval to fall below a tolerance; Infinity: never. */
function stretchFor(tolerance: number, middle: number, end: number): number {
  if (end < tolerance) return 1;
  const room = tolerance - middle;
  return room > 0 ? ((end - middle) / room) ** 2 : Infinity;
}

function stretchOf({ tolerance, direction }: MetricRule, bounded: BoundedEffect): number {
  if (!bounded.isBounded) return Infinity;
  const { relative, relativeLow, relativeHigh, absolute } = bounded.effect;
  const upwards = Math.min(
    ...(tolerance.relative === undefined ? [] : [stretchFor(tolerance.relative, relative, relativeHigh)]),
    ...(tolerance.absolute === undefined
      ? []
      : [stretchFor(tolerance.absolute, absolute, bounded.absoluteHigh)]),
  );
  const downwards = Math.min(
    ...(tolerance.relative === undefined ? [] : [stretchFor(tolerance.relative, -relative, -relativeLow)]),
    ...(tolerance.absolute === undefined
      ? []
      : [stretchFor(tolerance.absolute, -absolute, -bounded.absoluteLow)]),
  );
  if (direction === 'both') return Math.max(upwards, downwards);
  return direction === 'up' ? upwards : downwards;
}

function stretchNeeded(judged: JudgedMetric | undefined, gap: Stand['gap']): number {
  if (judged === undefined || gap !== undefined) return Infinity;
  if (isWithinTolerance(judged)) return 1;
  const { rule, sinceChange, lastThird } = judged;
  return Math.max(stretchOf(rule, sinceChange), lastThird === undefined ? 1 : stretchOf(rule, lastThird));
}

/** Looks until an early `continue`, as intervals narrow with the square root of time; undefined where that is not before the end. */
function looksToContinue(
  { settings }: Calibration,
  stands: readonly Stand[],
  look: number,
): number | undefined {
  const { plannedLooks, earliestContinue } = settings;
  const required = stands.filter(({ rule }) => rule.required && rule.criticality !== 'advisory');
  if (required.length === 0) return undefined;
  const stretch = Math.max(...required.map(({ judged, gap }) => stretchNeeded(judged, gap)));
  const at = Math.max(Math.ceil(look * stretch), Math.ceil(earliestContinue * plannedLooks), look + 1);
  return at < plannedLooks ? at - look : undefined;
}

/**
 * How long until a decision if everything goes on as it does.
 *
 * @param suspect the metric that harms most, where one has moved
 */
export function decisionAhead(
  calibration: Calibration,
  stands: readonly Stand[],
  look: number,
  suspect: { readonly one: Supposable; readonly standing: Stand } | undefined,
): DecisionAhead {
  const inLooks = suspect && looksToRollback(suspect.one, suspect.standing);
  const forContinue = inLooks === undefined ? looksToContinue(calibration, stands, look) : undefined;
  return {
    atMostLooks: Math.max(0, calibration.settings.plannedLooks - look),
    ...(suspect === undefined || inLooks === undefined
      ? {}
      : { rollback: { metric: suspect.standing.rule.name, inLooks } }),
    ...(forContinue === undefined ? {} : { continueInLooks: forContinue }),
  };
}
