import { normalSurvival } from '../src/statistical/normal.js';

/** Events of a total. */
export interface Proportion {
  readonly events: number;
  readonly total: number;
}

/**
 * Two-sided z-test of two proportions with the pooled variance, as it is commonly put on error rates. Made for one look; repeated, it
 * rejects far too often.
 *
 * @returns p in (0, 1]; 1 where a total is 0 or nothing or everything is an event
 * @example proportionsTest({ events: 10, total: 1000 }, { events: 2, total: 1000 }) // 0.0205
 */
export function proportionsTest(a: Proportion, b: Proportion): number {
  const pooled = (a.events + b.events) / (a.total + b.total);
  const variance = pooled * (1 - pooled) * (1 / a.total + 1 / b.total);
  if (!(variance > 0 && variance < Infinity)) return 1;
  const z = (a.events / a.total - b.events / b.total) / Math.sqrt(variance);
  return 2 * normalSurvival(Math.abs(z));
}
