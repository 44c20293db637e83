/** Observations up to a bound. */
export interface UpTo {
  readonly bound: number;
  readonly count: number;
}

/** A histogram at one instant, counted since its start. */
export interface HistogramPoint {
  readonly timeMs: number;
  /** All observations. */
  readonly count: number;
  readonly sum?: number;
  /** Finite bounds, ascending, with cumulated counts. */
  readonly upTo: readonly UpTo[];
  /** True: a bound that is not there stands for an empty bucket, not for one that the histogram does not have. */
  readonly leavesOutEmpty: boolean;
}

/** Cumulated counts of buckets with given upper bounds; the last count may be of what lies above all of them. */
export function cumulateExplicit(bounds: readonly number[], counts: readonly number[]): readonly UpTo[] {
  let sum = 0;
  return bounds.map((bound, index) => ({ bound, count: (sum += counts[index] ?? 0) }));
}

/** What was observed up to a bound, as far as the buckets tell; undefined where a filled bucket holds the bound. */
export function countUpTo({ upTo, count }: HistogramPoint, bound: number): number | undefined {
  const next = upTo.findIndex((each) => each.bound >= bound);
  const above = next === -1 ? count : (upTo[next]?.count ?? 0);
  if (upTo[next]?.bound === bound) return above;
  const below = next === -1 ? (upTo.at(-1)?.count ?? 0) : (upTo[next - 1]?.count ?? 0);
  return above === below ? above : undefined;
}
