import type { MetricRule, Reason } from '../contract.js';
import type { Comparator } from './comparable-live.js';

/** How much of a metric has been seen since the change, in samples sent or in intervals that can be compared. */
export interface Coverage {
  /** Share of judged intervals that were seen, 0–1. */
  readonly share: number;
  /** Judged intervals that were seen. */
  readonly seen: number;
  /** Intervals at the end that were not seen. */
  readonly silentFor: number;
  /** Judged intervals so far (warm-up excluded). */
  readonly judged: number;
}

/** A metric is silent after this share of the watch without data … */
const SILENT_SHARE = 0.1;
/** … but never before this many intervals. */
const SILENT_LOOKS = 3;

/** A metric that may end a watch with `continue` was seen in at least one of this many last intervals, however long the watch. */
const LATELY_LOOKS = 2;

/** @param has whether an interval (0-based since the change) holds data */
export function measureCoverage(
  has: (interval: number) => boolean,
  look: number,
  warmupLooks: number,
): Coverage {
  let seen = 0;
  let silentFor = 0;
  for (let interval = warmupLooks; interval < look; interval++) {
    if (has(interval)) {
      seen++;
      silentFor = 0;
    } else silentFor++;
  }
  const judged = Math.max(0, look - warmupLooks);
  return { share: judged === 0 ? 0 : seen / judged, seen, silentFor, judged };
}

/** The same as a share of the whole watch, its intervals that were never judged included. */
export function ofWatch(soFar: Coverage, plannedLooks: number, warmupLooks: number): Coverage {
  const whole = plannedLooks - warmupLooks;
  return whole <= soFar.judged ? soFar : { ...soFar, share: soFar.seen / whole };
}

type Shortfall = 'nothing' | 'silent' | 'low';

function shortfall(coverage: Coverage, minCoverage: number, plannedLooks: number): Shortfall | undefined {
  if (coverage.seen === 0) return 'nothing';
  if (coverage.silentFor >= Math.max(SILENT_LOOKS, SILENT_SHARE * plannedLooks)) return 'silent';
  return coverage.share < minCoverage ? 'low' : undefined;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function sentGap(name: string, sent: Coverage, kind: Shortfall, minCoverage: number): Reason {
  if (kind === 'nothing')
    return { code: 'no-data', metric: name, text: `${name} has sent no data since the change.` };
  if (kind === 'silent') {
    const text = `${name} has sent nothing for the last ${sent.silentFor} intervals.`;
    return { code: 'fell-silent', metric: name, text };
  }
  const text = `${name} has data in ${percent(sent.share)} of the intervals; ${percent(minCoverage)} are needed.`;
  return { code: 'low-coverage', metric: name, text };
}

function comparisonGap(
  { name, comparator, comparable, hasLostBounds }: Sight,
  kind: Shortfall,
  minCoverage: number,
): Reason {
  if (hasLostBounds) return lostBounds(name);
  const has = `${name}: ${comparator} has`;
  if (kind === 'nothing') {
    const text = `${has} no samples since the change to compare with.`;
    return { code: 'no-comparison', metric: name, text };
  }
  if (kind === 'silent') {
    const text = `${has} no samples to compare with in the last ${comparable.silentFor} intervals.`;
    return { code: 'comparison-fell-silent', metric: name, text };
  }
  const text = `${has} samples to compare with in ${percent(comparable.share)} of the intervals; ${percent(minCoverage)} are needed.`;
  return { code: 'low-comparison-coverage', metric: name, text };
}

function lostBounds(name: string): Reason {
  const text = `${name}: since the change its buckets lack bounds that they had before, so it cannot be told how many observations lie beyond them. Let both versions export the same bounds ("le").`;
  return { code: 'lost-bounds', metric: name, text };
}

/** What was seen of one metric: its own samples, and the intervals in which they can be compared. */
export interface Sight {
  readonly name: string;
  readonly sent: Coverage;
  readonly comparable: Coverage;
  readonly comparator: Comparator;
  /** Whether observations since the change fell into buckets that do not tell what the earlier ones told. */
  readonly hasLostBounds: boolean;
}

/** Why a metric cannot be judged at this look, or undefined when it can. */
export function coverageGap(sight: Sight, minCoverage: number, plannedLooks: number): Reason | undefined {
  const { name, sent, comparable } = sight;
  if (sent.judged === 0)
    return { code: 'warming-up', metric: name, text: `${name} is still in its declared warm-up.` };
  const own = shortfall(sent, minCoverage, plannedLooks);
  if (own !== undefined) return sentGap(name, sent, own, minCoverage);
  const both = shortfall(comparable, minCoverage, plannedLooks);
  return both && comparisonGap(sight, both, minCoverage);
}

/** Why a metric that can be judged is no ground to continue: it could not be compared just now. */
export function notSeenLately({
  name,
  sent,
  comparable,
  comparator,
  hasLostBounds,
}: Sight): Reason | undefined {
  if (comparable.silentFor < LATELY_LOOKS) return undefined;
  if (hasLostBounds && sent.silentFor < LATELY_LOOKS) return lostBounds(name);
  const text =
    sent.silentFor >= LATELY_LOOKS
      ? `${name} has sent nothing for the last ${sent.silentFor} intervals, too long to continue.`
      : `${name}: ${comparator} has no samples to compare with in the last ${comparable.silentFor} intervals, too long to continue.`;
  return { code: 'not-seen-lately', metric: name, text };
}

/**
 * Why a metric whose samples arrive late is no ground to continue at the end of the watch: its end was not judged, and the rest is too
 * little.
 *
 * @param coverage of the whole watch
 */
export function lateGap(
  { name, lateLooks = 0 }: MetricRule,
  { share }: Coverage,
  minCoverage: number,
): Reason | undefined {
  if (lateLooks === 0 || share >= minCoverage) return undefined;
  const text = `${name} was judged in ${percent(share)} of the intervals of the watch, because its samples arrive ${lateLooks} intervals after the others; ${percent(minCoverage)} are needed.`;
  return { code: 'end-not-judged', metric: name, text };
}

/** Where the last third of the watch so far begins, warm-up left out (0-based interval). */
export function lastThirdFrom(look: number, warmupLooks: number): number {
  return look - Math.ceil(Math.max(1, look - warmupLooks) / 3);
}
