import { html, type Markup } from './markup.js';
import { formatNumber } from './units.js';

const NBSP = '\u00a0';
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
/** Largest distance from the epoch that a Date can hold. */
const farthestMs = 8.64e15;

/** `2026-11-23T03:02:10.000Z`, or undefined for an instant that no calendar holds. */
export function isoInstant(atMs: number): string | undefined {
  return Math.abs(atMs) <= farthestMs ? new Date(atMs).toISOString() : undefined;
}

/**
 * An instant in UTC, to the second: the same text for whoever is called, wherever they are.
 * @example formatInstant(0) // '1 Jan 1970, 00:00:00 UTC'
 */
export function formatInstant(atMs: number): string {
  const iso = isoInstant(atMs);
  if (iso === undefined) return 'unknown time';
  const at = new Date(atMs);
  return `${at.getUTCDate()}${NBSP}${months[at.getUTCMonth()] ?? ''}${NBSP}${at.getUTCFullYear()}, ${formatClock(atMs)}${NBSP}UTC`;
}

/** The time of day in UTC: `03:02:10`. */
export function formatClock(atMs: number): string {
  if (!(Math.abs(atMs) <= farthestMs)) return '';
  const at = new Date(atMs);
  return [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

const parts = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/**
 * A length of time in its two largest parts.
 * @example formatDuration(200_000) // '3 min 20 s'
 */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return 'unknown';
  const size = Math.abs(durationMs);
  if (size > 0 && size < 1000) return `${formatNumber(size)}${NBSP}ms`;
  const first = parts.findIndex(([lengthMs]) => size >= lengthMs);
  if (first === -1) return `0${NBSP}s`;
  const [bigMs, bigName] = parts[first] ?? parts[3];
  const big = `${Math.floor(size / bigMs)}${NBSP}${bigName}`;
  const second = parts[first + 1];
  const rest = second === undefined ? 0 : Math.floor((size % bigMs) / second[0]);
  return second === undefined || rest === 0 ? big : `${big}${NBSP}${rest}${NBSP}${second[1]}`;
}

/** "14 min ago", "in 2 h 5 min", "now"; to the second below a minute, then to the minute. */
export function formatAgo(atMs: number, nowMs: number): string {
  const ageMs = nowMs - atMs;
  const size = Math.abs(ageMs);
  if (size < 1000) return 'now';
  const grain = size < 60_000 ? 1000 : 60_000;
  const coarse = formatDuration(Math.floor(size / grain) * grain);
  return ageMs > 0 ? `${coarse} ago` : `in ${coarse}`;
}

/** A `<time>` element with the instant in UTC. */
export function timeTag(atMs: number): Markup {
  const iso = isoInstant(atMs);
  return iso === undefined ? html`unknown time` : html`<time datetime="${iso}">${formatInstant(atMs)}</time>`;
}

/** A `<time>` element, followed by how long ago it was. */
export function timeWithAge(atMs: number, nowMs: number): Markup {
  return html`${timeTag(atMs)} <span class="soft">(${formatAgo(atMs, nowMs)})</span>`;
}
