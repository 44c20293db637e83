import type { Stand } from '../verdict/stand.js';
import type { Flip } from './explanation.js';
import { wouldRollBack, type Supposable } from './supposed.js';

/** How long the supposed level lasts, in intervals: the shorter is tried first, the rest of the watch last. */
const LASTING = [3, 8];
/** The smallest harmful level is looked for within this many doublings of the first step … */
const DOUBLINGS = 10;
/** … and found to 1/2⁵ of the last of them. */
const HALVINGS = 5;
/** First step where nothing else says how large one is, as a share of the level. */
const FIRST_SHARE = 0.01;

interface Search {
  readonly expected: number;
  readonly sign: 1 | -1;
  readonly step: number;
  /** Levels beyond make no sense, such as a negative latency. */
  readonly limit: number;
}

function searchFor({ rule, values, judged }: Stand): Search | undefined {
  const expected = judged?.expected.findLast((value) => Number.isFinite(value));
  if (judged === undefined || expected === undefined) return undefined;
  const { absolute } = judged.effect.effect;
  const sign = rule.direction === 'down' || (rule.direction === 'both' && absolute < 0) ? -1 : 1;
  const { minEffect } = rule;
  const smallest = Math.max(minEffect.absolute ?? 0, (minEffect.relative ?? 0) * Math.abs(expected));
  const step = smallest || FIRST_SHARE * Math.abs(expected) || Math.abs(absolute) || 1;
  const isNeverNegative = !values.some((value) => value < 0) && expected >= 0;
  const floor = isNeverNegative ? 0 : -Infinity;
  return { expected, sign, step, limit: sign < 0 ? floor : rule.shape === 'ratio' ? 1 : Infinity };
}

function clipped({ sign, limit }: Search, level: number): number {
  return sign > 0 ? Math.min(limit, level) : Math.max(limit, level);
}

/** Smallest harmful level by doubling and halving; undefined where none of them is enough. */
function smallestLevel(search: Search, isEnough: (level: number) => boolean): number | undefined {
  const levelAt = (distance: number): number => clipped(search, search.expected + search.sign * distance);
  let enough = Infinity;
  let short = 0;
  for (let doubling = 0, distance = search.step; doubling < DOUBLINGS; doubling++, distance *= 2) {
    if (isEnough(levelAt(distance))) {
      enough = distance;
      break;
    }
    if (levelAt(distance) === search.limit) break;
    short = distance;
  }
  if (enough === Infinity) return undefined;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (short + enough) / 2;
    if (isEnough(levelAt(middle))) enough = middle;
    else short = middle;
  }
  return levelAt(enough);
}

/**
 * The level, nearest to what is expected, at which a metric would bring a rollback if it stayed there for a few intervals; found
 * by judging again. Undefined where the watch is over before, or no level is enough.
 */
export function rollbackLevel(one: Supposable, standing: Stand): Flip | undefined {
  const search = searchFor(standing);
  if (search === undefined) return undefined;
  const { name, unit, lateLooks = 0 } = standing.rule;
  const left = one.calibration.settings.plannedLooks - one.look;
  const lasting = LASTING.map((looks) => looks + lateLooks).filter((looks) => looks < left);
  for (const more of left > 0 ? [...lasting, left] : []) {
    const level = smallestLevel(search, (candidate) => wouldRollBack(one, more, candidate));
    if (level === undefined) continue;
    const side = search.sign > 0 ? 'above' : 'below';
    return {
      kind: 'stays-at',
      metric: name,
      unit,
      verdict: 'rollback',
      level,
      expected: search.expected,
      side,
      looks: more,
    };
  }
  return undefined;
}
