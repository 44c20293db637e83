/** Scores that some windows got, and which of them hold harm. */
export interface Scored {
  readonly scores: ArrayLike<number>;
  readonly harmful: readonly boolean[];
}

function split({ scores, harmful }: Scored): readonly [good: Float64Array, bad: Float64Array] {
  const of = (wanted: boolean): Float64Array =>
    Float64Array.from(scores)
      .filter((_, index) => harmful[index] === wanted)
      .sort();
  return [of(false), of(true)];
}

/**
 * Area under the receiver operating characteristic: the probability that a harmful window scores above a harmless one, ties
 * counted half (Hanley & McNeil 1982).
 *
 * @returns in [0, 1]; NaN without both kinds
 */
export function areaUnderRoc(scored: Scored): number {
  const [good, bad] = split(scored);
  let below = 0;
  let upTo = 0;
  let sum = 0;
  for (const value of bad) {
    while (below < good.length && (good[below] ?? NaN) < value) below++;
    while (upTo < good.length && (good[upTo] ?? NaN) <= value) upTo++;
    sum += (below + upTo) / 2;
  }
  return sum / (good.length * bad.length);
}

/**
 * Share of harmful windows above the score that at most `rate` of the harmless ones exceed.
 *
 * @param rate tolerated false positives, in [0, 1]
 * @returns in [0, 1]; NaN without both kinds
 */
export function truePositiveRate(scored: Scored, rate: number): number {
  const [good, bad] = split(scored);
  const limit = good[good.length - 1 - Math.floor(rate * good.length)] ?? NaN;
  return bad.filter((value) => value > limit).length / bad.length;
}
