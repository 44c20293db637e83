import { say } from '../words/say.js';
import { verdictLook } from './verdict-look.js';
import type { Region } from './region.js';
import type { WireVerdict } from './wire.js';

/** Service, environment and versions of a deployment in one line of plain text. */
export function changeLine({ deployment }: Region): string {
  const { service, environment, version, previousVersion } = deployment;
  const versions =
    previousVersion === undefined
      ? say('deployment.to', { to: version })
      : say('deployment.change', { from: previousVersion, to: version });
  return say('deployment.line', { service, environment, versions });
}

/** What the service says of a deployment in one sentence. */
export function sentenceOf(verdict: WireVerdict | undefined): string {
  return verdict?.sentence?.text ?? verdict?.reasons[0]?.text ?? say('verdict.none-yet');
}

/** A probability as people say it; the ends are never rounded into certainty. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  if (share > 0.99 && share < 1) return '> 99 %';
  if (share < 0.01 && share > 0) return '< 1 %';
  return `${Math.round(share * 100)} %`;
}

/** The line that stands on a badge: sign, word and, where it says something, the probability of harm. */
export function badgeText(region: Region): string {
  const look = verdictLook(region.verdict);
  const verdict = region.deployment.latestVerdict;
  // Without evidence the probability is the prior, which says nothing of this deployment.
  const known = verdict !== undefined && verdict.look > 0 && verdict.guarantee !== 'none';
  return known
    ? say('badge.with-probability', { word: look.word, probability: percent(verdict.harmProbability) })
    : look.word;
}
