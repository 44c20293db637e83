import type { AttributionInput, CommonCause, Onset, RankedCause } from './attribution-contract.js';
import { timeWords } from './time-words.js';

/** From this share on an explanation is called by its name. */
const LIKELY = 0.5;
/** Beyond this no share is written as if it were certain. */
const NEARLY_ALL = 0.99;

/** What attribution found, in one sentence for a tired person. */
export function attributionSentence(
  input: Pick<AttributionInput, 'startMs' | 'intervalMs' | 'deployment' | 'rivals'>,
  onset: Onset | undefined,
  candidates: readonly RankedCause[],
  common: CommonCause,
): string {
  if (onset === undefined) return 'It could not be estimated when the shift began.';
  const began = (input.deployment.beganAtMs[0] ?? input.startMs) - input.startMs;
  const aheadMs = began - onset.at * input.intervalMs;
  const [best] = candidates;
  const rival = input.rivals.find(({ id }) => id === best?.deployment);
  const own = candidates.find(({ deployment }) => deployment === input.deployment.id)?.share ?? 0;
  if (common.likely) return commonWords(common, own);
  if (rival !== undefined && best !== undefined && best.share >= LIKELY)
    return rivalWords(input, rival, best);
  if (onset.beforeDeployment) return `The shift began ${timeWords(aheadMs)} before this deployment.`;
  const when = whenWords(aheadMs, input.intervalMs);
  if (best?.deployment === input.deployment.id && best.share >= LIKELY)
    return `The shift began ${when}, which explains it best (${percent(best.share)}).`;
  return `The shift began ${when}, and it is not clear what caused it.`;
}

/** An onset is known to the interval: one within an interval of the deployment came with it. */
function whenWords(aheadMs: number, intervalMs: number): string {
  if (Math.abs(aheadMs) < intervalMs) return 'with this deployment';
  if (aheadMs < 0) return `${timeWords(aheadMs)} after this deployment`;
  return `perhaps ${timeWords(aheadMs)} before this deployment`;
}

/** @param own share of this deployment */
function commonWords({ moved, services, p }: CommonCause, own: number): string {
  const chance = p === undefined ? '' : ` (p = ${p.toPrecision(1)})`;
  const judged =
    own < LIKELY
      ? 'a common cause is likelier than this deployment'
      : `a common cause is possible, though this deployment fits too (${percent(own)})`;
  return `${moved.length} of ${services} other services moved at the same time${chance}: ${judged}.`;
}

function rivalWords(
  { deployment }: Pick<AttributionInput, 'deployment'>,
  { service, version, beganAtMs }: AttributionInput['deployment'],
  { share }: RankedCause,
): string {
  const apartMs = (deployment.beganAtMs[0] ?? 0) - (beganAtMs[0] ?? 0);
  const when =
    apartMs === 0 ? 'at the same time' : `${timeWords(apartMs)} ${apartMs > 0 ? 'earlier' : 'later'}`;
  return `${service} ${version}, released ${when}, fits better (${percent(share)}).`;
}

function percent(share: number): string {
  return share > NEARLY_ALL ? `over ${100 * NEARLY_ALL} %` : `${Math.round(100 * share)} %`;
}
