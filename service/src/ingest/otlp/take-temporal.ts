import type { RefusalReason } from '../../domain/sample-refusal.js';
import type { SampleSink } from '../sample-sink.js';
import type { BookedSeries } from '../booked-series.js';
import { addTotals } from './add-totals.js';
import type { DeltaTotal } from './temporal-state.js';

/** `AggregationTemporality`. */
const TEMPORALITIES = { 1: 'delta', 2: 'cumulative' } as const;

interface Increment {
  /** What the series is remembered by. */
  readonly series: BookedSeries;
  readonly metric: string;
  /** As sent. */
  readonly temporality: number | undefined;
  readonly startMs: number;
  readonly timeMs: number;
  readonly value: DeltaTotal;
}

/** What a point comes to since the start of its series. */
export interface Cumulative {
  readonly total: DeltaTotal;
  /** Given with the first increment: when the series stood at zero. */
  readonly zeroMs?: number;
}

/**
 * Turns a point of either temporality into a cumulated one. Increments are added up; one that came before is a repetition and is passed
 * over. A series that changes its temporality is refused, for what it counts would be guessed.
 *
 * @returns undefined when the point is not taken, which is counted
 */
export function takeTemporal(sink: SampleSink, point: Increment): Cumulative | undefined {
  const { series, metric, startMs, timeMs, value } = point;
  const temporality = TEMPORALITIES[point.temporality as 1 | 2] as 'delta' | 'cumulative' | undefined;
  const refuse = (reason: RefusalReason, why: string): void => sink.refuse(reason, 1, () => why);
  if (temporality === undefined) {
    refuse('unsupported', `${metric} has no temporality; let its exporter send delta or cumulative`);
    return undefined;
  }
  const before = sink.temporal.get(series);
  if (before !== undefined && before.temporality !== temporality) {
    refuse(
      'mixed-temporality',
      `${metric} was ${before.temporality} and is now ${temporality}; let all its exporters send one of them`,
    );
    return undefined;
  }
  if (temporality === 'cumulative') {
    sink.temporal.set(series, { temporality, endMs: timeMs });
    return { total: value };
  }
  if (before !== undefined && timeMs <= before.endMs) {
    refuse('duplicate', `${metric} brings an increment again`);
    return undefined;
  }
  const total = addTotals(before?.total, value);
  sink.temporal.set(series, { temporality, endMs: timeMs, total });
  const isFirst = before === undefined && startMs > 0 && startMs < timeMs;
  // One later, for the instant itself may be the end of what was counted before a restart of this service.
  return isFirst ? { total, zeroMs: Math.min(startMs + 1, timeMs - 1) } : { total };
}
