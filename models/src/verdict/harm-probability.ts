/** Logistic curve in −log10 p, fitted on the public training cases by `models/bench/fit-harm-probability.ts`. */
const INTERCEPT = -3.314;
const SLOPE = 3.0;
/** Beyond p = 10⁻⁴ calibration cannot reach: each tenfold excess counts like one more decade, so that probabilities keep their order. */
const CALIBRATED_DECADES = 4;

/** Evidence against harm that counts: a watch can only speak against the harm that its metrics show. */
const MOST_DECADES_AGAINST = 1;

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** How much evidence a p-value is: decades within [0, 4], and up to 2.5 more for what lies beyond. */
export function evidenceDecades(p: number): number {
  const decades = Math.max(0, -Math.log10(Math.max(p, Number.MIN_VALUE)));
  const beyond = Math.max(0, decades - CALIBRATED_DECADES);
  return decades - beyond + Math.log10(1 + beyond);
}

/**
 * P(harmful | evidence, prior). Evidence of harm counts in full at any time; the curve was fitted at the ends of watches, so
 * the absence of evidence lowers the prior only in step with how much of the watch was seen: nothing seen, nothing learnt.
 *
 * @param p sequential p-value of the family, in (0, 1]
 * @param prior probability of harm before looking, in (0, 1)
 * @param seenShare how much of the planned watch could be judged, 0–1
 * @param against decades of evidence against harm, ≤ 0, where p is 1 and an e-process tells more; counts down to one decade
 * @returns in (0, 1); rises as p falls; the prior at p = 1 with nothing seen
 * @example harmProbability(0.001, 0.1, 1)
 */
export function harmProbability(p: number, prior: number, seenShare: number, against = 0): number {
  const moved = INTERCEPT + SLOPE * (evidenceDecades(p) + Math.max(-MOST_DECADES_AGAINST, against));
  return 1 / (1 + Math.exp(-(logit(prior) + (moved < 0 ? seenShare * moved : moved))));
}

/**
 * What a passed guard-rail says, at least. It is declared and not estimated: the user set the limit as what harms, and it was
 * passed for as long as the user asked, so that the evidence from comparisons, which may be silent, must not contradict it.
 * Short of 1, because a limit can be set wrongly.
 */
const GUARD_RAIL_HARM_PROBABILITY = 0.99;

/** What a decision rests on, as far as the probability of harm must agree with it. */
interface Stance {
  readonly isGuardRail: boolean;
  readonly isRollback: boolean;
}

/**
 * The probability that goes with a decision. Evidence that reached α without a rollback is of a change below its practical
 * minimum: a change, but not harm, and so no reason to believe in more harm than without any evidence.
 *
 * @param probability by `harmProbability`
 * @param withoutEvidence by `harmProbability` at p = 1
 * @param isSignificant whether the deciding p-value is at most α
 */
export function agreeingHarmProbability(
  probability: number,
  withoutEvidence: number,
  isSignificant: boolean,
  { isGuardRail, isRollback }: Stance,
): number {
  if (isGuardRail) return Math.max(probability, GUARD_RAIL_HARM_PROBABILITY);
  return isSignificant && !isRollback ? Math.min(probability, withoutEvidence) : probability;
}
