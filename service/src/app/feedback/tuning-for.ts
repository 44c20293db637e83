import type { Deployment } from '../../domain/deployment.js';
import { RELEASES_LEARNED_FROM, tuningOf } from '../../domain/tune.js';
import { isTuned, type Tuning } from '../../domain/tuning.js';
import type { Reader } from '../../store/port.js';

/** What a watch of this deployment that begins now is tuned by; its own verdicts and feedback are no history yet. */
export async function tuningFor(
  reader: Pick<Reader, 'judgedReleases' | 'tuningReset'>,
  deployment: Deployment,
): Promise<Tuning | undefined> {
  if (!isTuned(deployment.policy)) return undefined;
  const [releases, reset] = await Promise.all([
    reader.judgedReleases(deployment, RELEASES_LEARNED_FROM),
    reader.tuningReset(deployment),
  ]);
  const others = releases.filter(({ deploymentId }) => deploymentId !== deployment.id);
  return tuningOf(deployment.policy, others, reset?.atMs);
}
