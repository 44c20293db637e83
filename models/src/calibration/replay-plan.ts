import type { Snapshot } from '../contract.js';

/** Every third placebo fits units, the others rank the live watch: units need fewer, ranks gain from each. */
const FIT_EVERY = 3;
export const RANKED_SHARE = 1 - 1 / FIT_EVERY;

/** Whether the placebo at this position fits units (true) or ranks the live watch (false). */
export function isFit(position: number): boolean {
  return position % FIT_EVERY === 0;
}

/** Where the past is replayed, the same for all metrics of a snapshot. Indices are on the snapshot's grid. */
export interface ReplayPlan {
  readonly looks: number;
  /** Intervals "just before" from which level and scale are taken. */
  readonly before: number;
  /** Seasonal lags in intervals; the live window and every placebo see all of them. */
  readonly lags: readonly number[];
  /** Half width of the moving average laid over seasonal references, in intervals. */
  readonly smoothing: number;
  /** Index of the change; replayed like a placebo without its future. */
  readonly changeIndex: number;
  readonly excluded: Snapshot['excluded'];
  /** Placebo moments, ascending; `isFit` says which fit the units; the others rank the live watch. */
  readonly placebos: readonly number[];
  /** Watches that fit beside each other into the replayed past: the most independent placebos there can be. */
  readonly independent: number;
}

const DAY_MS = 86_400_000;
/** Days back, most useful first; a week carries the weekend. */
const LAG_DAYS = [1, 2, 3, 7, 14];
/** A lag may use up at most this share of the history; the rest is for placebos. */
const LAG_SHARE = 0.5;
const LONGEST_BEFORE = 60;
const SHORTEST_BEFORE = 12;
/** References are smoothed over about this long to each side; longer would blur ramps. */
const SMOOTHING_MS = 120_000;
/** Placebos aimed at; 60–120 ranked ones decide like 480 (measured on the public training cases). */
const PLACEBOS = 240;
const MOST_PLACEBOS = 800;
/** Two placebos share at most 7/8 of their watch; closer ones cost time and add nothing. */
const CLOSEST_SHARE = 1 / 8;
/** Ranked placebos per 1/α: below, the rank is too coarse for α. */
const RANKED_PER_ALPHA = 2.5;
/** Independent placebos per 1/α that a further seasonal lag must leave. */
const INDEPENDENT_PER_ALPHA = 1.5;

function smoothingFor(intervalMs: number): number {
  return Math.min(5, Math.round(SMOOTHING_MS / intervalMs));
}

/** Longest set of lags that leaves room for `needed` independent placebos (or the shortest set, where none does). */
function seasonalLags(
  snapshot: Snapshot,
  before: number,
  smoothing: number,
  needed: number,
): readonly number[] {
  const { changeIndex, plannedLooks, intervalMs } = snapshot;
  const room = (lag: number): number => (changeIndex - before - lag - smoothing) / plannedLooks;
  const lags = LAG_DAYS.map((days) => Math.round((days * DAY_MS) / intervalMs)).filter(
    (lag) => lag >= plannedLooks + smoothing && lag <= LAG_SHARE * changeIndex,
  );
  while (lags.length > 1 && room(lags.at(-1) ?? 0) < needed) lags.pop();
  return lags.length === 1 && room(lags[0] ?? 0) < needed && room(0) >= needed ? [] : lags;
}

function overlaps(excluded: Snapshot['excluded'], from: number, to: number): boolean {
  return excluded.some(([start, end]) => start < to && end > from);
}

/**
 * Places the placebos: spread over the history, clear of known deployments and incidents and of the live window, each with
 * the same lags behind it as the live watch has.
 */
export function planReplay(snapshot: Snapshot): ReplayPlan {
  const { changeIndex, plannedLooks: looks, excluded, alpha } = snapshot;
  const before = Math.min(LONGEST_BEFORE, Math.max(SHORTEST_BEFORE, Math.floor(changeIndex / 10)));
  const smoothing = smoothingFor(snapshot.intervalMs);
  const ranked = RANKED_PER_ALPHA / alpha;
  const lags = seasonalLags(snapshot, before, smoothing, INDEPENDENT_PER_ALPHA / alpha);
  const first = before + (lags.length > 0 ? Math.max(...lags) + smoothing : 0);
  const last = changeIndex - looks;
  const aim = Math.min(MOST_PLACEBOS, Math.max(PLACEBOS, ranked / RANKED_SHARE));
  const stride = Math.max(1, Math.floor((last - first) / aim), Math.floor(looks * CLOSEST_SHARE));
  const placebos: number[] = [];
  for (let at = last; at >= first; at -= stride) {
    if (!overlaps(excluded, at - before, at + looks)) placebos.push(at);
  }
  placebos.reverse();
  const covered = placebos.reduce((sum, at, index) => {
    const previous = placebos[index - 1] ?? -Infinity;
    return sum + Math.min(looks, at - previous);
  }, 0);
  return { looks, before, lags, smoothing, changeIndex, excluded, placebos, independent: covered / looks };
}
