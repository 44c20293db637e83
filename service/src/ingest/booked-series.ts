import type { SampleBatch } from '../domain/sample.js';
import type { RefusalReason } from '../domain/sample-refusal.js';

/** A series that a token has sent: where its samples go, or why they are not taken. The same object as long as it is remembered. */
export type BookedSeries = TakenSeries | RefusedSeries;

export interface TakenSeries {
  readonly kind: 'taken';
  readonly key: Pick<SampleBatch, 'project' | 'metric' | 'labels' | 'type' | 'unit'>;
}

interface RefusedSeries {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  readonly why: string;
}
