import type { SourceSeries } from '../../domain/sample.js';

/** Two counter samples further apart than this many intervals say nothing about the time between them. */
const MAX_GAP_INTERVALS = 5;
/** … but never less than this: scrapes rarely come more often than the judging interval allows. */
const MIN_MAX_GAP_MS = 1_000;
/** So many of its newest gaps tell how often a series is sampled; the longest counts, because scrapes jitter. */
const GAPS_SEEN = 5;

/** Longest time between two samples of a counter that its increase is still shared out over. */
export function maxGapMs(intervalMs: number): number {
  return Math.max(MIN_MAX_GAP_MS, MAX_GAP_INTERVALS * intervalMs);
}

/**
 * How often a series is sampled: the longest of its newest gaps.
 * @returns in (0, longestMs]; `longestMs` when no two samples are that close
 */
export function samplePeriodMs({ timesMs }: SourceSeries, longestMs: number): number {
  let period = 0;
  for (let i = timesMs.length - 1; i > 0 && i >= timesMs.length - GAPS_SEEN; i--) {
    const gap = (timesMs[i] ?? NaN) - (timesMs[i - 1] ?? NaN);
    if (gap <= longestMs && gap > period) period = gap;
  }
  return period > 0 ? period : longestMs;
}
