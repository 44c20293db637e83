import type { VerdictAttribution } from '../../domain/attribution.js';
import type { Deployment } from '../../domain/deployment.js';
import type { BrakeApplied } from '../../domain/verdict.js';

/** Another deployment with this share, and this many times the deployment's own, is clearly likelier. */
const CLEAR_SHARE = 0.6;
const CLEAR_FACTOR = 2;

/** What attribution has against rolling this deployment back by itself; the verdict stays `rollback`, and people decide. */
export function objections(
  { id }: Pick<Deployment, 'id'>,
  { sentence, onset, candidates, commonCause }: VerdictAttribution,
): readonly BrakeApplied[] {
  const found: BrakeApplied[] = [];
  const text = `${sentence.replace(/\.$/, '')}; people decide`;
  if (commonCause.likely) found.push({ brake: 'common-cause', text });
  const own = candidates.find(({ deployment }) => deployment === id)?.share ?? 0;
  const [best] = candidates;
  if (best?.deployment !== undefined && best.deployment !== id) {
    const isClear = best.share >= CLEAR_SHARE && best.share >= CLEAR_FACTOR * own;
    const words = `${best.service ?? ''} ${best.version ?? ''} fits better (${Math.round(100 * best.share)} %): ${best.reasons.join(', ')}; people decide`;
    if (isClear) found.push({ brake: 'other-deployment', text: words });
  }
  if (onset?.beforeDeployment === true)
    found.push({
      brake: 'began-before',
      text: `the shift began before this deployment, about ${new Date(onset.atMs).toISOString()}; people decide`,
    });
  return found;
}
