import { setImmediate } from 'node:timers/promises';
import type { Arm } from '@bellwether/models';

/** What one histogram observed in each interval, cumulated over its buckets. */
export interface CumulatedBuckets {
  /** Ascending. */
  readonly upperBounds: readonly number[];
  /** One line a bound; NaN where it was not sampled. The last counts all that was observed. */
  readonly upTo: readonly Float64Array[];
}

/** A bound at which more than this share of the observations cannot be placed is left out: guessed buckets look like a change. */
const MOST_UNPLACED = 0.01;
/** Finite bounds that are kept at most; every bound costs eight bytes an interval of the history. */
const MOST_BOUNDS = 40;

/** Where a bound stands among those of one histogram. */
interface Place {
  /** Last bound up to it; −1 when there is none. */
  readonly below: number;
  readonly isOwn: boolean;
}

function placeOf({ upperBounds }: CumulatedBuckets, bound: number): Place {
  const below = upperBounds.findLastIndex((each) => each <= bound);
  return { below, isOwn: upperBounds[below] === bound };
}

/**
 * Observations up to a bound in one interval. Where the histogram has no such bound, or did not sample it, the two around it tell as long
 * as nothing was observed between them.
 *
 * @returns NaN where that cannot be told
 */
function countUpTo({ upTo }: CumulatedBuckets, { below, isOwn }: Place, k: number): number {
  const known = (position: number): number => upTo[position]?.[k] ?? NaN;
  if (isOwn && !Number.isNaN(known(below))) return known(below);
  let [low, high] = [below, below + 1];
  while (low >= 0 && Number.isNaN(known(low))) low--;
  while (high < upTo.length && Number.isNaN(known(high))) high++;
  const most = known(high);
  // Counts that are shared out over interval edges differ by rounding.
  return most - (low < 0 ? 0 : known(low)) <= 1e-6 * Math.max(1, most) ? most : NaN;
}

/** Whether a bound was not sampled in an interval in which the histogram was. */
function hasGaps({ upTo }: CumulatedBuckets, { below }: Place): boolean {
  const [line, total] = [upTo[below], upTo.at(-1)];
  return line?.some((value, k) => Number.isNaN(value) && !Number.isNaN(total?.[k] ?? NaN)) ?? true;
}

/** Whether (nearly) everything that a histogram observed lies on a known side of a bound. */
function tellsApart(part: CumulatedBuckets, bound: number): boolean {
  const place = placeOf(part, bound);
  if (place.isOwn && !hasGaps(part, place)) return true;
  let [untold, all] = [0, 0];
  part.upTo.at(-1)?.forEach((total, k) => {
    if (!(total > 0)) return;
    all += total;
    if (Number.isNaN(countUpTo(part, place, k))) untold += total;
  });
  return untold <= MOST_UNPLACED * all;
}

/** Bounds at which all histograms can be told apart, thinned where there are many; those that are asked for always stay. */
function commonBounds(parts: readonly CumulatedBuckets[], wanted: readonly number[]): readonly number[] {
  const asked = new Set(wanted.filter(Number.isFinite));
  const bounds = new Set([
    ...asked,
    ...parts.flatMap(({ upperBounds }) => upperBounds.filter(Number.isFinite)),
  ]);
  const common = [...bounds].filter((bound) => parts.every((part) => tellsApart(part, bound)));
  common.sort((a, b) => a - b);
  const step = Math.ceil(common.length / MOST_BOUNDS);
  return common.filter((bound, index) => index % step === step - 1 || asked.has(bound));
}

/**
 * Histograms of several instances as one, bucket by bucket. Where their buckets differ, only bounds are kept at which all of them can be
 * told apart. Others get their turn on the event loop after every histogram.
 *
 * @param isOpen intervals that are not complete yet
 * @param wanted bounds that another arm or time is compared at: thinned by themselves, two arms could be left without a common one
 * @returns an arm of `length` intervals, the last bucket without an end; NaN where nothing was sampled or buckets cannot be told
 */
export async function joinBuckets(
  parts: readonly CumulatedBuckets[],
  length: number,
  isOpen: (interval: number) => boolean,
  wanted: readonly number[] = [],
): Promise<Arm> {
  const bounds = [...commonBounds(parts, wanted), Infinity];
  const upTo = bounds.map(() => new Float64Array(length));
  const sampled = new Uint8Array(length);
  for (const part of parts) {
    addUp(part, bounds, upTo, sampled);
    await setImmediate();
  }
  const isKnown = (k: number): boolean =>
    sampled[k] === 1 && !isOpen(k) && upTo.every((line) => !Number.isNaN(line[k] ?? NaN));
  const known = Uint8Array.from({ length }, (_, k) => (isKnown(k) ? 1 : 0));
  const counts = upTo.map((line, bucket) =>
    line.map((count, k) => (known[k] === 1 ? Math.max(0, count - (upTo[bucket - 1]?.[k] ?? 0)) : NaN)),
  );
  return { shape: 'histogram', upperBounds: Float64Array.from(bounds), counts };
}

/** Adds one histogram's observations up to each bound, and marks the intervals in which it was sampled. */
function addUp(
  part: CumulatedBuckets,
  bounds: readonly number[],
  upTo: readonly Float64Array[],
  sampled: Uint8Array,
): void {
  const totals = part.upTo.at(-1) ?? new Float64Array(sampled.length).fill(NaN);
  const highest = new Float64Array(sampled.length);
  for (const [bucket, bound] of bounds.entries()) {
    const place = placeOf(part, bound);
    const line = upTo[bucket];
    totals.forEach((total, k) => {
      if (Number.isNaN(total)) return;
      sampled[k] = 1;
      const count = bound === Infinity ? total : countUpTo(part, place, k);
      // Buckets of one scrape that were read at different instants may fall back a little.
      highest[k] = Number.isNaN(count) ? NaN : Math.min(total, Math.max(highest[k] ?? 0, count));
      if (line !== undefined) line[k] = (line[k] ?? 0) + (highest[k] ?? NaN);
    });
  }
}
