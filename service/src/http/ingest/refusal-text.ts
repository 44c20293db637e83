import type { SampleRefusal } from '../../domain/sample-refusal.js';

/** What was left out and why, on one line that agents write into their logs. */
export function refusalText(faults: readonly SampleRefusal[]): string {
  const count = faults.reduce((sum, { samples }) => sum + samples, 0);
  const reasons = faults.map(({ reason, samples, example }) => `${samples} ${reason}: ${example}`);
  return `${count} samples were not taken, all others were stored (${reasons.join('; ')})`;
}
