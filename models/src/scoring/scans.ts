import type { Direction } from '../contract.js';
import { MIN_SEEN_SHARE, type Trace } from './trace.js';

export type Scorer = 'level-shift' | 'counts' | 'spread' | 'tail';

/** One question asked at every look: the last `window` intervals (or all since the change) by one scorer. */
export interface Scan {
  readonly scorer: Scorer;
  /** Intervals; Infinity = everything since the change. */
  readonly window: number;
}

/** Fibonacci widths: every onset lies within 62 % of some window. */
const WINDOWS = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584];
/** Spread and tail need some samples before they mean anything. */
const SHORTEST: Readonly<Record<Scorer, number>> = { 'level-shift': 1, counts: 1, spread: 5, tail: 8 };
/** First looks of the stretches in which placebos are pooled for a common unit: early looks are noisier. */
const BUCKET_STARTS = [0, 3, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

const LAST_START = BUCKET_STARTS.at(-1) ?? 0;

/** The stretch of each interval up to the last start: every scan of every placebo asks for it. */
const BUCKET_OF = Uint8Array.from({ length: LAST_START + 1 }, (_, interval) =>
  BUCKET_STARTS.findLastIndex((start) => interval >= start),
);

/** Which stretch of looks an interval (0-based since the change) belongs to. */
export function lookBucket(interval: number): number {
  return BUCKET_OF[Math.min(interval, LAST_START)] ?? 0;
}

/** Smallest unit of a scan in standard errors, so that a scan that hardly ever speaks is not divided by almost nothing. */
export const SMALLEST_UNIT: Readonly<Record<Scorer, number>> = {
  'level-shift': 0.3,
  counts: 1,
  spread: 1,
  tail: 1.5,
};

/** The scans that fit into a watch of `looks` intervals. */
export function scansFor(shape: 'gauge' | 'ratio', looks: number): readonly Scan[] {
  const windows = [...WINDOWS.filter((window) => window <= looks), Infinity];
  if (shape === 'ratio') return windows.map((window) => ({ scorer: 'counts', window }));
  return [
    ...windows.map((window): Scan => ({ scorer: 'level-shift', window })),
    ...windows
      .filter((window) => window >= SHORTEST.spread)
      .map((window): Scan => ({ scorer: 'spread', window })),
    ...windows
      .filter((window) => window >= SHORTEST.tail)
      .map((window): Scan => ({ scorer: 'tail', window })),
  ];
}

/** Whether a scan speaks of the mean, so that an effect can be read from it. */
export function isLevelScan(scan: Scan): boolean {
  return scan.scorer === 'level-shift' || scan.scorer === 'counts';
}

/** The part of a signed movement that harms, ≥ 0: improvement never counts. */
export function harmfulPart(direction: Direction, signed: number): number {
  if (direction === 'both') return Math.abs(signed);
  return Math.max(0, direction === 'up' ? signed : -signed);
}

/** Where a scan's stretch begins when it ends with `interval`, or undefined when it does not fit (yet). */
export function scanStart(scan: Scan, interval: number, warmup: number): number | undefined {
  if (scan.window === Infinity) return interval >= warmup ? warmup : undefined;
  const start = interval + 1 - scan.window;
  return start >= warmup ? start : undefined;
}

/** First interval at which a scan speaks. */
export function firstInterval(scan: Scan, warmup: number): number {
  const width = scan.window === Infinity ? SHORTEST[scan.scorer] : scan.window;
  return warmup + width - 1;
}

/** The value of one scan, in raw standard errors (≥ 0), for the stretch that ends with `interval`. */
export function scanValue(
  trace: Trace,
  scan: Scan,
  direction: Direction,
  interval: number,
  warmup: number,
): number {
  const start = scanStart(scan, interval, warmup);
  if (start === undefined) return 0;
  const end = interval + 1;
  // Windows of their own length are never too short (`scansFor`).
  if (scan.window === Infinity && end - start < SHORTEST[scan.scorer]) return 0;
  if (trace.count(start, end) < MIN_SEEN_SHARE * (end - start)) return 0;
  if (scan.scorer === 'spread') return Math.max(0, trace.spread?.(start, end) ?? 0);
  if (scan.scorer === 'tail') return Math.max(0, trace.tail?.(start, end) ?? 0);
  return harmfulPart(direction, trace.outside(start, end));
}
