import type { SeriesType } from '../domain/sample.js';

/** A series as its sender names it, before rules say where it belongs. */
export interface ReceivedSeries {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly type: SeriesType;
  readonly unit?: string;
}

const COUNTER_ENDINGS = /(?:_total|_count|_sum|_bucket)$/;

/** What a metric is by the naming conventions of Prometheus, where its sender does not say. */
export function typeByName(metric: string): SeriesType {
  return COUNTER_ENDINGS.test(metric) ? 'counter' : 'gauge';
}
