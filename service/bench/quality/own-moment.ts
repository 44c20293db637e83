import type { PreparedWindow } from '../../src/app/rehearse/prepare-window.js';
import { peerWindow } from './peer-window.js';

/** What a series does by itself at a time of the day and week, by its own earlier days. */
export type OwnMoment = 'weekend edge' | 'morning ramp' | 'evening ramp' | 'other';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** Monday 5 January 1970, 00:00 UTC. */
const A_MONDAY_MS = 4 * DAY_MS;
/** Begin of Saturday and of Monday, from Monday 00:00 UTC. */
const EDGES_MS = [5 * DAY_MS, 7 * DAY_MS];
/** Wherever the users live, their midnight lies within half a day of the UTC one. */
const EDGE_REACH_MS = 12 * HOUR_MS;
const WEEK_DAYS = 7;
/** A climb, or a difference between days, of this share of the day's range is one that can be seen. */
const VISIBLE_SHARE = 0.1;

/** What one metric's earlier days show at the time of the watch, in shares of its daily range. */
interface Course {
  /** From as long before the change as the watch is to the time of the watch. */
  readonly climb: number;
  /** Between the day before and the week before. */
  readonly dayFromWeek: number;
}

/**
 * The kind of moment that a harmless window begins at: a weekend edge is within half a day of one, where the day before misleads; a ramp
 * is where the same hours of earlier days climbed or fell. Looks at nothing since the change.
 */
export function ownMoment(window: PreparedWindow): OwnMoment {
  const { metrics } = peerWindow(window);
  const { intervalMs, plannedLooks, changeAtMs } = window.snapshot;
  const day = Math.round(DAY_MS / intervalMs);
  const courses = metrics.flatMap(({ past }) => courseOf(past, day, plannedLooks) ?? []);
  const largest = (size: (course: Course) => number): number =>
    courses.reduce((most, course) => (Math.abs(size(course)) > Math.abs(most) ? size(course) : most), 0);
  if (isNearEdge(changeAtMs) && Math.abs(largest(({ dayFromWeek }) => dayFromWeek)) >= VISIBLE_SHARE)
    return 'weekend edge';
  const climb = largest((course) => course.climb);
  if (Math.abs(climb) < VISIBLE_SHARE) return 'other';
  return climb > 0 ? 'morning ramp' : 'evening ramp';
}

function isNearEdge(atMs: number): boolean {
  const sinceMonday = (((atMs - A_MONDAY_MS) % WEEK_MS) + WEEK_MS) % WEEK_MS;
  return EDGES_MS.some((edge) => {
    const away = Math.abs(sinceMonday - edge);
    return Math.min(away, WEEK_MS - away) <= EDGE_REACH_MS;
  });
}

/** @returns undefined where the past holds no whole day, or never moves */
function courseOf(past: Float64Array, day: number, looks: number): Course | undefined {
  if (looks > day || past.length < day) return undefined;
  const newest = past.slice(-day).filter(Number.isFinite).sort();
  const ranked = (share: number): number => newest[Math.round(share * (newest.length - 1))] ?? NaN;
  const range = ranked(0.95) - ranked(0.05);
  if (!(range > 0)) return undefined;
  const at = (days: number, from: number, to: number): number =>
    meanOf(past.slice(past.length - days * day + from, past.length - days * day + to));
  const daysBack = Array.from({ length: WEEK_DAYS }, (_, back) => back + 1).filter(
    (days) => days * day + looks <= past.length,
  );
  const climb = meanOf(daysBack.map((days) => at(days, 0, looks) - at(days, -looks, 0)));
  const hasWeek = daysBack.includes(WEEK_DAYS);
  const dayFromWeek = hasWeek ? at(1, 0, looks) - at(WEEK_DAYS, 0, looks) : 0;
  return { climb: finite(climb) / range, dayFromWeek: finite(dayFromWeek) / range };
}

/** NaN where there is none. */
function meanOf(values: ArrayLike<number>): number {
  const seen = Array.from(values).filter(Number.isFinite);
  return seen.reduce((sum, value) => sum + value, 0) / seen.length;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
