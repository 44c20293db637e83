import type { CandidateDeployment, RankedCause } from './attribution-contract.js';
import { delayProbability } from './delay-probability.js';
import { normalised } from './change-posterior.js';
import { describeCandidate } from './describe-candidate.js';
import type { RankingEvidence } from './ranking-evidence.js';
import { logArms, logScopeOfDeployment, logScopeOfSomethingElse } from './scope-likelihood.js';

/** Chance that something other than a deployment shifts a service's metrics during one watch. */
const SOMETHING_ELSE = 0.02;
/** What is left of a candidate that was taken back before the shift began. */
const UNDONE = 0.05;
/** What is left of a candidate whose own service moved later than the one that it is to have harmed. */
const OUT_OF_ORDER = 0.1;
/** How much more a service counts that moved twice as far as another: harm mostly grows weaker on its way. */
const STRENGTH_EXPONENT = 1;
/** Movements beyond this ratio tell no more. */
const LARGEST_RATIO = 5;

/**
 * Posterior share of each explanation: prior × onset × scope × decay, after Gandalf's ranking of concurrent rollouts (Li et al., NSDI 2020),
 * made a likelihood. Onset: how likely the delay is, averaged over where the shift may begin and over the uniform onset of something else.
 * Scope: which services moved, given who calls whom, and whether the arms differ. Decay: blame fades with the time since the deployment
 * (in the delay) and for what was taken back.
 *
 * @returns best first, "something else" among them; shares add up to 1
 */
export function rankCauses(evidence: RankingEvidence): readonly RankedCause[] {
  const { judged, rivals } = evidence;
  const all = [judged, ...rivals];
  const logs = Float64Array.from([
    ...all.map((candidate) => logWeight(evidence, candidate)),
    Math.log(SOMETHING_ELSE) +
      logScopeOfSomethingElse(evidence.moved, judged.service) +
      logArms(evidence.armsDiffer, false),
  ]);
  const shares = normalised(logs);
  const causes = all.map((candidate, i): RankedCause => {
    const { id, service, version } = candidate;
    const reasons = describeCandidate(evidence, candidate);
    return { deployment: id, service, version, share: shares[i] ?? 0, reasons };
  });
  const rest: RankedCause = { share: shares[all.length] ?? 0, reasons: [elseWords(evidence)] };
  return [...causes, rest].sort((a, b) => b.share - a.share);
}

function logWeight(evidence: RankingEvidence, candidate: CandidateDeployment): number {
  const isJudged = candidate === evidence.judged;
  return (
    Math.log(candidate.prior) +
    Math.log(onsetFactor(evidence, candidate, isJudged)) +
    logScopeOfDeployment(evidence.moved, candidate.service, evidence.graph) +
    logStrength(evidence, candidate.service) +
    logArms(evidence.armsDiffer, isJudged) +
    Math.log(undoneFactor(evidence, candidate))
  );
}

/** Bayes factor of the onset against one that is equally likely everywhere; a rival must fit the shift of its own service too. */
function onsetFactor(evidence: RankingEvidence, candidate: CandidateDeployment, isJudged: boolean): number {
  const { onset, onsets, intervalMs, startMs, places } = evidence;
  const began = candidate.beganAtMs.map((ms) => (ms - startMs) / intervalMs);
  const delay = delayProbability(began, onset.length, intervalMs);
  const here = places * fit(onset, delay);
  const own = isJudged ? undefined : onsets.get(candidate.service);
  if (own === undefined) return here;
  const order = inOrder(own, onset) / inOrder(onset, own);
  return Math.min(here, places * fit(own, delay)) * order;
}

function fit(onset: Float64Array, delay: Float64Array): number {
  return onset.reduce((sum, p, k) => sum + p * (delay[k] ?? 0), 0);
}

/** How well `first` can have caused `second`: the chance that it began no more than an interval later. */
function inOrder(first: Float64Array, second: Float64Array): number {
  let begun = first[0] ?? 0;
  let chance = 0;
  for (let k = 0; k < second.length; k++) {
    begun += first[k + 1] ?? 0;
    chance += (second[k] ?? 0) * begun;
  }
  return OUT_OF_ORDER + (1 - OUT_OF_ORDER) * chance;
}

/** A service that moved farther than the judged one is likelier the source. */
function logStrength({ sizes, judged }: RankingEvidence, service: string): number {
  const here = sizes.get(judged.service);
  const there = sizes.get(service);
  if (here === undefined || there === undefined) return 0;
  const ratio = Math.max(1, there) / Math.max(1, here);
  return STRENGTH_EXPONENT * Math.log(Math.min(LARGEST_RATIO, Math.max(1 / LARGEST_RATIO, ratio)));
}

function undoneFactor(
  { onset, startMs, intervalMs }: RankingEvidence,
  candidate: CandidateDeployment,
): number {
  if (candidate.undoneAtMs === undefined) return 1;
  const undone = (candidate.undoneAtMs - startMs) / intervalMs;
  const before = onset.reduce((sum, p, k) => (k < undone ? sum + p : sum), 0);
  return UNDONE + (1 - UNDONE) * before;
}

function elseWords({ moved, judged }: RankingEvidence): string {
  const others = [...moved].filter(([service]) => service !== judged.service);
  const count = others.filter(([, isMoved]) => isMoved).length;
  return others.length === 0
    ? 'no other service could be compared'
    : `${count} of ${others.length} other services moved at the same time`;
}
