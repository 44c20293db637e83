import type { Direction } from '../contract.js';
import { median } from '../statistical/quantile.js';
import type { RandomSource } from '../statistical/random.js';
import { drawHarm, drawHarmless, drawSize, type Harm, type Harmless, inject } from './injection.js';
import { siteNoise } from './site-noise.js';
import type { WindowRequest } from './window-lines.js';
import { STEPS } from './window-shape.js';
import { stepWidth } from './window-steps.js';

/** A service's own history of one metric with the moments at which it was quiet. */
export interface QuietSeries {
  /** On the metric's transformed scale; NaN = missing. */
  readonly values: Float64Array;
  /** Indices of placebo deployments, ascending; each with a whole watch after it. */
  readonly moments: readonly number[];
  readonly lags: readonly number[];
  /** Intervals of a watch. */
  readonly plannedLooks: number;
  readonly direction: Direction;
}

/** A moment of a series. */
export interface QuietMoment {
  readonly series: QuietSeries;
  readonly at: number;
}

/** Share of the moments, the oldest ones, that may be learned from; the rest judges what was learned. */
const LEARNED_SHARE = 2 / 3;

/**
 * Splits moments in time. Between the parts lies at least one watch and the stretch before it, so that nothing that was
 * learned from is judged.
 */
export function splitMoments(series: readonly QuietSeries[]): {
  readonly learned: readonly QuietMoment[];
  readonly heldBack: readonly QuietMoment[];
} {
  const learned: QuietMoment[] = [];
  const heldBack: QuietMoment[] = [];
  for (const each of series) {
    const { moments, plannedLooks } = each;
    const border = moments[Math.floor(LEARNED_SHARE * moments.length)] ?? Infinity;
    const apart = plannedLooks + STEPS * stepWidth(plannedLooks);
    for (const at of moments) {
      if (at < border) learned.push({ series: each, at });
      else if (at >= border + apart) heldBack.push({ series: each, at });
    }
  }
  return { learned, heldBack };
}

/** Looks as a watch declares them and, as often, any other. */
export function drawLook(plannedLooks: number, random: RandomSource): number {
  const share = random.uniform() < 0.5 ? (1 + random.integer(4)) / 4 : 0.05 + 0.95 * random.uniform();
  return Math.max(stepWidth(plannedLooks), Math.round(share * plannedLooks));
}

function drawSign(direction: Direction, random: RandomSource): 1 | -1 {
  if (direction === 'both') return random.uniform() < 0.5 ? 1 : -1;
  return direction === 'up' ? 1 : -1;
}

/** One look at a quiet moment, as it was. */
export function quietRequest(moment: QuietMoment, look: number, random: RandomSource): WindowRequest {
  const { series, at } = moment;
  const { values, lags, plannedLooks, direction } = series;
  const sign = drawSign(direction, random);
  return { values, at, look, plannedLooks, lags, direction: sign === 1 ? 'up' : 'down' };
}

/** The same look with a change laid over it, whose onset lies within the look. */
export function changedRequest(
  request: WindowRequest,
  kind: Harm | Harmless,
  random: RandomSource,
): WindowRequest {
  const { at, look, plannedLooks } = request;
  const values = request.values.slice(0, at + plannedLooks);
  const width = stepWidth(plannedLooks);
  const before = values.subarray(Math.max(0, at - STEPS * width), at);
  const onset = at + (random.uniform() < 0.5 ? 0 : random.integer(Math.max(1, Math.floor(0.7 * look))));
  const site = {
    quiet: values.slice(onset),
    level: median(before) || 0,
    noise: siteNoise(before, random),
    sign: request.direction === 'up' ? (1 as const) : (-1 as const),
  };
  values.set(inject(kind, site, drawSize(random), random), onset);
  return { ...request, values };
}

/** A labelled look at a quiet moment: as it was, harmlessly changed, or harmed. */
export function drawExample(
  moments: readonly QuietMoment[],
  random: RandomSource,
): { readonly request: WindowRequest; readonly harmful: boolean } {
  const moment = moments[random.integer(moments.length)];
  if (moment === undefined) throw new RangeError('moments must not be empty');
  const quiet = quietRequest(moment, drawLook(moment.series.plannedLooks, random), random);
  const kind = random.uniform();
  if (kind < 0.5) return { request: changedRequest(quiet, drawHarm(random), random), harmful: true };
  if (kind < 0.85) return { request: quiet, harmful: false };
  return { request: changedRequest(quiet, drawHarmless(random), random), harmful: false };
}
