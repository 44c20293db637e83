import type { Baseline, Snapshot } from '../contract.js';
import { quietPast } from './quiet-past.js';

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
  /**
   * Intervals between a moment and the stretch "just before" it that it is compared with: 0, unless what lies just before the change
   * is excluded. Placebos keep the same distance, so that their baselines are as stale as the live one.
   */
  readonly gap: number;
  /** Intervals "just before", `[at − gap − before, at − gap)`, from which level and scale are taken. */
  readonly before: number;
  /** Intervals up to `at − gap` that the level of a gauge that holds still may rest on; at least `before`. */
  readonly deepBefore: number;
  /** Intervals up to `at − gap` that the pooled level of a ratio rests on. */
  readonly levelDepth: number;
  /** Seasonal lags in intervals; the live window and every placebo see all of them. */
  readonly lags: readonly number[];
  /** Whether the level just before is a forecast of its own. */
  readonly hasLevel: boolean;
  /** Half width of the moving average laid over seasonal references, in intervals. */
  readonly smoothing: number;
  /** Index of the change; replayed like a placebo without its future. */
  readonly changeIndex: number;
  /** Placebo moments, ascending; `isFit` says which fit the units; the others rank the live watch. */
  readonly placebos: readonly number[];
  /** Watches that fit beside each other into the replayed past: the most independent placebos there can be. */
  readonly independent: number;
  /** False-rollback rate that the placebos decide at. */
  readonly alpha: number;
}

const DAY_MS = 86_400_000;
/** Days back, most useful first; a week carries the weekend. */
const LAG_DAYS = [1, 2, 3, 7, 14];
const WEEK_DAYS = 7;
/** A lag may use up at most this share of the history; the rest is for placebos. */
const LAG_SHARE = 0.5;
const LONGEST_BEFORE = 60;
const SHORTEST_BEFORE = 12;
/** The level of a ratio reaches back this many times as far as that of a gauge: single intervals hold too few events. */
const LEVEL_DEPTH = 4;
/** The level of a gauge reaches back no further: by then another part of the day has begun. */
const DEEPEST_MS = 4 * 3_600_000;
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

/** Whether the policy lets metrics be compared with this. */
export function isUsed({ baselines }: Pick<Snapshot, 'baselines'>, baseline: Baseline): boolean {
  return baselines === undefined || baselines.includes(baseline);
}

/**
 * Longest set of lags that leaves room for `needed` independent placebos (or the shortest set, where none does). The only lag goes, too, where
 * that makes room and the level just before can stand in for it.
 */
function seasonalLags(
  snapshot: Snapshot,
  gap: number,
  before: number,
  smoothing: number,
  needed: number,
): readonly number[] {
  const { changeIndex, plannedLooks, intervalMs } = snapshot;
  const room = (lag: number): number => (changeIndex - gap - before - lag - smoothing) / plannedLooks;
  const lags = LAG_DAYS.filter((days) => isUsed(snapshot, days % WEEK_DAYS === 0 ? 'weekly' : 'daily'))
    .map((days) => Math.round((days * DAY_MS) / intervalMs))
    .filter((lag) => lag >= gap + plannedLooks + smoothing && lag <= LAG_SHARE * (changeIndex - gap));
  while (lags.length > 1 && room(lags.at(-1) ?? 0) < needed) lags.pop();
  const [only = 0] = lags;
  const isDear = lags.length === 1 && room(only) < needed && room(0) >= needed;
  return isDear && isUsed(snapshot, 'before') ? [] : lags;
}

function overlaps(excluded: Snapshot['excluded'], from: number, to: number): boolean {
  return excluded.some(([start, end]) => start < to && end > from);
}

/**
 * Places the placebos: spread over the history, clear of known deployments and incidents and of the live window, each with
 * the same lags behind it as the live watch has, and as far from the stretch that it is compared with.
 */
export function planReplay(snapshot: Snapshot): ReplayPlan {
  const { changeIndex, plannedLooks: looks, excluded, alpha } = snapshot;
  const { gap, length: quiet } = quietPast(snapshot);
  const before = Math.min(LONGEST_BEFORE, Math.max(SHORTEST_BEFORE, Math.floor(changeIndex / 10)), quiet);
  const smoothing = smoothingFor(snapshot.intervalMs);
  const ranked = RANKED_PER_ALPHA / alpha;
  const lags = seasonalLags(snapshot, gap, before, smoothing, INDEPENDENT_PER_ALPHA / alpha);
  const longestLag = Math.max(0, ...lags);
  const first = gap + before + (longestLag > 0 ? longestLag + smoothing : 0);
  const last = changeIndex - gap - looks;
  const aim = Math.min(MOST_PLACEBOS, Math.max(PLACEBOS, ranked / RANKED_SHARE));
  const stride = Math.max(1, Math.floor((last - first) / aim), Math.floor(looks * CLOSEST_SHARE));
  const placebos: number[] = [];
  // Fewer quiet intervals than that are no baseline, neither for the live watch nor for a placebo.
  const isBaseline = before >= SHORTEST_BEFORE;
  for (let at = last; isBaseline && at >= first; at -= stride) {
    const isClear = !overlaps(excluded, at - gap - before, at - gap) && !overlaps(excluded, at, at + looks);
    if (isClear) placebos.push(at);
  }
  placebos.reverse();
  const covered = placebos.reduce((sum, at, index) => {
    const previous = placebos[index - 1] ?? -Infinity;
    return sum + Math.min(looks, at - previous);
  }, 0);
  const levelDepth = Math.min(quiet, LEVEL_DEPTH * before, longestLag || before);
  const independent = covered / looks;
  const deepest = Math.floor(DEEPEST_MS / snapshot.intervalMs);
  const deepBefore = Math.max(before, Math.min(levelDepth, deepest));
  const hasLevel = isUsed(snapshot, 'before');
  return {
    looks,
    gap,
    before,
    deepBefore,
    levelDepth,
    lags,
    hasLevel,
    smoothing,
    changeIndex,
    placebos,
    independent,
    alpha: snapshot.alpha,
  };
}
