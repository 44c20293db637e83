import type { Effect } from '@bellwether/models';
import type { MetricFinding } from '../domain/verdict.js';
import { formatDifference, formatPair, formatRelativeSize, formatShare } from './units.js';

/** Smallest and largest magnitude are told apart from "no change" at a twentieth of a per cent. */
const flat = 0.0005;

function side(relative: number): string {
  if (Math.abs(relative) < flat) return 'unchanged';
  return `${formatRelativeSize(relative)} ${relative > 0 ? 'higher' : 'lower'}`;
}

/**
 * What the metric was before and is now, in its unit, as far as the effect tells: a baseline is the absolute change over the relative one.
 * Undefined when it moved from zero in a way that cannot be undone, or did not move.
 */
export function beforeAndAfter(
  effect: Effect,
): { readonly before: number; readonly after: number } | undefined {
  const { absolute, relative } = effect;
  if (!Number.isFinite(absolute) || absolute === 0) return undefined;
  if (!Number.isFinite(relative)) return { before: 0, after: absolute };
  if (relative === 0) return undefined;
  const before = absolute / relative;
  return { before, after: before + absolute };
}

/**
 * The movement of a finding as a clause: "errors rose from 0.1 % to 1.0 %"; undefined when it has no effect that could be told.
 */
export function movement(finding: MetricFinding): string | undefined {
  if (finding.effect === undefined) return undefined;
  const levels = beforeAndAfter(finding.effect);
  if (levels === undefined) return undefined;
  const [before, after] = formatPair(levels.before, levels.after, finding.unit);
  return `${finding.name} ${levels.after > levels.before ? 'rose' : 'fell'} from ${before} to ${after}`;
}

/**
 * An effect with its interval as a sentence.
 * @example effectSentence(effect, 's') // '15 % higher: 213 ms → 245 ms (+32 ms). With 95 % coverage over all looks, between 9.0 % and 21 % higher.'
 */
export function effectSentence(effect: Effect, unit: string): string {
  const levels = beforeAndAfter(effect);
  const pair = levels === undefined ? undefined : formatPair(levels.before, levels.after, unit);
  const head =
    pair === undefined
      ? 'No change to be seen.'
      : `${Number.isFinite(effect.relative) ? capital(side(effect.relative)) : 'Up from zero'}: ${pair[0]} → ${pair[1]} (${formatDifference(effect.absolute, unit)}).`;
  return `${head} ${intervalSentence(effect)}`;
}

function intervalSentence({ relativeLow: low, relativeHigh: high, level }: Effect): string {
  const lead = `With ${formatShare(level)} coverage over all looks: `;
  if (!Number.isFinite(low) && !Number.isFinite(high)) return 'No interval can be given yet.';
  if (!Number.isFinite(high)) return `${lead}at least ${side(low)}.`;
  if (!Number.isFinite(low)) return `${lead}at most ${side(high)}.`;
  const sameSide = (low > flat && high > flat) || (low < -flat && high < -flat);
  if (!sameSide) return `${lead}between ${side(low)} and ${side(high)}.`;
  const [near, far] = Math.abs(low) < Math.abs(high) ? [low, high] : [high, low];
  return `${lead}between ${formatRelativeSize(near)} and ${side(far)}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
