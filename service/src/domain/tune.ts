import { standingFeedback, type Relevance, type Truth } from './feedback.js';
import { labelOf, measuredVerdict, type JudgedRelease } from './judged-release.js';
import type { Policy } from './policy.js';
import { isTuned, type PriorTuning, type Tuning } from './tuning.js';

/** The declared prior counts as much as so many releases. */
const PRIOR_STRENGTH = 20;
/** However few or many changes of a service failed, the next one can go either way. */
const PRIOR_BOUNDS = { least: 0.005, most: 0.5 } as const;
/** Before anybody speaks a metric counts as if half of so many releases had found it useful. */
const RELEVANCE_STRENGTH = 4;
/** Feedback makes a metric's weight at most this many times as large or as small as the policy says. */
const MOST_WEIGHT_FACTOR = 4;
/** Entries of feedback that a verdict names. */
const MOST_ENTRIES_NAMED = 50;
/** Releases that are learned from. */
export const RELEASES_LEARNED_FROM = 100;

/**
 * What a watch that begins now is tuned by. The prior is the mean of a beta-binomial model of the service's own change failures; a
 * weight is multiplied by the odds that people find its metric useful.
 *
 * @param releases of the service, newest first
 * @param resetAtMs when the tuning was last set back
 * @returns undefined where the policy switches it off
 */
export function tuningOf(
  policy: Pick<Policy, 'prior' | 'metrics' | 'feedback'>,
  releases: readonly JudgedRelease[],
  resetAtMs?: number,
): Tuning | undefined {
  if (!isTuned(policy)) return undefined;
  const known = releases.filter(({ startedAtMs }) => startedAtMs >= (resetAtMs ?? -Infinity));
  const votes = votesOf(known);
  const names = new Set(policy.metrics.map(({ name }) => name));
  const weights = [...votes.metrics]
    .filter(([metric]) => names.has(metric))
    .map(([metric, counts]) => ({ metric, ...counts, factor: weightFactor(counts) }))
    .filter(({ factor }) => factor !== 1);
  return {
    prior: priorOf(policy.prior, known),
    weights,
    feedback: [...new Set([...labelledBy(known), ...votes.entries])].slice(0, MOST_ENTRIES_NAMED),
    ...(resetAtMs === undefined ? {} : { sinceMs: resetAtMs }),
  };
}

function labelledBy(releases: readonly JudgedRelease[]): readonly string[] {
  return releases.flatMap((release) => labelOf(release)?.feedbackId ?? []);
}

/** What is known of a release: by people, else by its verdict; undefined where it is neither. */
function outcomeOf(
  release: JudgedRelease,
): { readonly truth: Truth; readonly isLabelled: boolean } | undefined {
  const label = labelOf(release);
  if (label !== undefined) return { truth: label.truth, isLabelled: true };
  const value = measuredVerdict(release)?.value;
  return value && { truth: value === 'rollback' ? 'harmful' : 'harmless', isLabelled: false };
}

function priorOf(declared: number, releases: readonly JudgedRelease[]): PriorTuning {
  const outcomes = releases.flatMap((release) => outcomeOf(release) ?? []);
  const harmful = outcomes.filter(({ truth }) => truth === 'harmful').length;
  const mean = (PRIOR_STRENGTH * declared + harmful) / (PRIOR_STRENGTH + outcomes.length);
  const { least, most } = PRIOR_BOUNDS;
  // A policy may declare what lies outside of the bounds: they hold for what is learned.
  const value = Math.min(Math.max(most, declared), Math.max(Math.min(least, declared), mean));
  return {
    value: outcomes.length === 0 ? declared : value,
    declared,
    source: outcomes.length === 0 ? 'policy' : 'own-history',
    releases: outcomes.length,
    harmful,
    labelled: outcomes.filter(({ isLabelled }) => isLabelled).length,
  };
}

type Counts = Record<Relevance, number>;

/** One vote a release and metric, the newest: nobody outvotes the others by saying the same thing often. */
function votesOf(releases: readonly JudgedRelease[]): {
  readonly metrics: ReadonlyMap<string, Readonly<Counts>>;
  readonly entries: readonly string[];
} {
  const metrics = new Map<string, Counts>();
  const entries: string[] = [];
  for (const { feedback } of releases) {
    const seen = new Set<string>();
    for (const entry of standingFeedback(feedback).toReversed())
      for (const { name, relevance } of entry.metrics ?? []) {
        if (seen.has(name)) continue;
        seen.add(name);
        const counts = metrics.get(name) ?? { useful: 0, noise: 0 };
        counts[relevance] += 1;
        metrics.set(name, counts);
        entries.push(entry.id);
      }
  }
  return { metrics, entries };
}

/** @returns in [1 / MOST_WEIGHT_FACTOR, MOST_WEIGHT_FACTOR]; 1 without votes, or with as many for as against */
function weightFactor({ useful, noise }: Readonly<Counts>): number {
  const half = RELEVANCE_STRENGTH / 2;
  const odds = (useful + half) / (noise + half);
  return Math.min(MOST_WEIGHT_FACTOR, Math.max(1 / MOST_WEIGHT_FACTOR, odds));
}
