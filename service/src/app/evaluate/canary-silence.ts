import type { LiveMetric } from '@bellwether/models';

/** Consecutive intervals of silence that count; fewer can be a start-up. */
const SILENT_LOOKS = 3;

/**
 * "The canary serves nothing while the control serves": in each of the last intervals some metric counted requests in the control
 * group and every metric that counts them saw exactly none in the canary. Missing samples are not silence: they are missing data.
 */
export function canaryIsSilent(live: readonly LiveMetric[]): boolean {
  const counted = live.flatMap(({ treatment, control }) =>
    treatment.shape === 'ratio' && control?.shape === 'ratio'
      ? [{ canary: treatment.totals, control: control.totals }]
      : [],
  );
  const looks = counted[0]?.canary.length ?? 0;
  if (looks < SILENT_LOOKS) return false;
  for (let k = looks - SILENT_LOOKS; k < looks; k++) {
    const silent = counted.every((c) => c.canary[k] === 0);
    const serving = counted.some((c) => (c.control[k] ?? 0) > 0);
    if (!silent || !serving) return false;
  }
  return true;
}
