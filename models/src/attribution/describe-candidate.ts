import type { CandidateDeployment } from './attribution-contract.js';
import type { RankingEvidence } from './ranking-evidence.js';
import { timeWords } from './time-words.js';

/** Why a candidate is likely or not, in sentences without a stop. */
export function describeCandidate(
  evidence: Pick<
    RankingEvidence,
    'judged' | 'onset' | 'startMs' | 'intervalMs' | 'moved' | 'graph' | 'armsDiffer'
  >,
  candidate: CandidateDeployment,
): readonly string[] {
  const { onset, startMs, intervalMs } = evidence;
  const onsetMs = startMs + onset.indexOf(Math.max(...onset)) * intervalMs;
  const words = [delayWords(candidate, onsetMs, intervalMs)];
  if (candidate.undoneAtMs !== undefined && candidate.undoneAtMs <= onsetMs)
    words.push('it had been taken back before the shift began');
  return [
    ...words,
    ...(candidate === evidence.judged ? judgedWords(evidence) : rivalWords(evidence, candidate)),
  ];
}

function delayWords({ beganAtMs }: CandidateDeployment, onsetMs: number, intervalMs: number): string {
  // An onset is known to the interval: a step that began within it counts as begun.
  const begun = beganAtMs.filter((ms) => ms < onsetMs + intervalMs).at(-1);
  if (begun === undefined)
    return `it began ${timeWords((beganAtMs[0] ?? onsetMs) - onsetMs)} after the shift`;
  const delayMs = onsetMs - begun;
  return delayMs < intervalMs
    ? 'the shift began right after it'
    : `the shift began ${timeWords(delayMs)} after it`;
}

function judgedWords({ armsDiffer }: Pick<RankingEvidence, 'armsDiffer'>): readonly string[] {
  return armsDiffer ? ['the old and the new version differ while both run'] : [];
}

function rivalWords(
  { judged, moved, graph, armsDiffer }: Pick<RankingEvidence, 'judged' | 'moved' | 'graph' | 'armsDiffer'>,
  { service }: CandidateDeployment,
): readonly string[] {
  const words: string[] = [];
  if (service !== judged.service) {
    const own = moved.get(service);
    if (own !== undefined)
      words.push(own ? `${service} moved at the same time` : `${service} itself did not move`);
    const calls = graph.calls(judged.service, service);
    if (calls === 'yes') words.push(`${judged.service} depends on ${service}`);
    if (calls === 'no') words.push(`${judged.service} does not depend on ${service}`);
  }
  if (armsDiffer) words.push('it cannot make two versions differ that run side by side');
  return words;
}
