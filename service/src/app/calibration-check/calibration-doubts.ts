import type { Reason } from '@bellwether/models';
import type { Deployment } from '../../domain/deployment.js';
import type { CheckStanding } from '../../domain/fresh-check.js';
import type { Reader } from '../../store/port.js';
import { standingOf } from './standing-of.js';

/** What every verdict of a watch that begins now must say of its calibration; empty while the checks on quiet moments bear it out. */
export async function calibrationDoubts(
  reader: Pick<Reader, 'freshChecks'>,
  deployment: Deployment,
): Promise<readonly Reason[]> {
  const standing = standingOf(await reader.freshChecks(deployment), deployment.policy.alpha);
  // The policy may allow more since: then the checks speak of a promise that this release was not given.
  return standing.isOff && standing.low > deployment.policy.alpha ? [calibrationOff(standing)] : [];
}

function calibrationOff({ judged, rolledBack, alpha, low, high }: CheckStanding): Reason {
  const text = `The error rate does not hold for this service now: of ${judged} quiet moments at which nothing was deployed ${rolledBack} would have been rolled back, ${percent(rolledBack / judged)} (${percent(low)} to ${percent(high)}) where α is ${percent(alpha)}.`;
  return { code: 'calibration-off', text };
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
