import type { MetricSpec } from '../../domain/policy.js';
import { SourceError } from '../../sources/port.js';

/** Failures of a source that answers other metrics before it is left in peace: one can be a slow query's own. */
const MOST_FAILURES = 2;

/** Which sources were found down while the metrics of one look or history are read. */
export interface Outages {
  /** Why this source is not worth asking for optional metrics; undefined while it is. */
  of(source: string): SourceError | undefined;
  failed(source: string): void;
  answered(source: string): void;
}

/** Nothing is known yet: for the start of a look or history. */
export function createOutages(): Outages {
  const failures = new Map<string, number>();
  const answering = new Set<string>();
  return {
    of(source) {
      const most = answering.has(source) ? MOST_FAILURES : 1;
      if ((failures.get(source) ?? 0) < most) return undefined;
      return new SourceError('unavailable', `source "${source}" did not answer for other metrics`, true);
    },
    failed: (source) => void failures.set(source, (failures.get(source) ?? 0) + 1),
    answered: (source) => void answering.add(source),
  };
}

/** The order to read metrics in: those that a look cannot do without first, which also tells whether their sources are there. */
export function requiredFirst(metrics: readonly MetricSpec[]): readonly MetricSpec[] {
  return metrics.toSorted((a, b) => Number(a.missing === 'optional') - Number(b.missing === 'optional'));
}
